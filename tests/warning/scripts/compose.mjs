/** The compose page after its form was submitted. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answer, Element, elements, kept, open, pass, settle, SOURCE } from './page.mjs'

const { Compose } = await import(new URL('warning/compose.ts', SOURCE))
const FOUND = {
  geometry: {}, circle: null, endpoints: 3, ids: [], not_ready: 0, not_commanded: 0, people: 9, area: { en: 'A' }, texts: {},
  seconds: { tone: 60, message: 40 }, valid_min: 60, repeats: 3, problems: [],
}

/** A page on which all is chosen; what its officer sees of it. */
async function page() {
  open()
  answer(FOUND)
  const form = new Element()
  form.dataset = { keep: 'compose', read: '/read' }
  const [send, keep, key, draft, start] = Array.from({ length: 5 }, () => new Element())
  start.textContent = JSON.stringify({ plan: 'gas', mode: 'exercise', shape: { area: 1 } })
  key.value = 'from the server'
  Object.assign(elements, {
    '#compose-start': start, '#compose-send': send, '#compose-keep': keep, 'input[name=key]': key, 'input[name=draft]': draft,
  })
  new Compose(form).start()
  await settle()
  pass(1000)
  await settle()
  const press = () => form.dispatchEvent(new Event('submit', { cancelable: true }))
  return { send, keep, key, press, draft: () => kept.get('tirek.compose') ?? null }
}

test('a second press at once is none, and one after a submit that hangs counts for the same alert', async () => {
  const { send, keep, key, press } = await page()
  assert.equal(send.disabled, false)
  assert.equal(press(), true)
  assert.equal(press(), false)
  pass(1)
  assert.deepEqual([send.disabled, keep.disabled], [true, true])
  pass(7000)
  assert.equal(send.disabled, true)
  pass(1000)
  assert.deepEqual([send.disabled, keep.disabled], [false, false])
  assert.equal(key.value, 'from the server')
  assert.equal(press(), true)
})

test('what was put together is kept until the answer takes the place of the page', async () => {
  const { press, draft } = await page()
  press()
  assert.notEqual(draft(), null)
  dispatchEvent(new Event('pagehide'))
  assert.equal(draft(), null)
})

test('after a submit that hung, leaving the page loses nothing', async () => {
  const { press, draft } = await page()
  press()
  pass(8001)
  dispatchEvent(new Event('pagehide'))
  assert.notEqual(draft(), null)
})

test('a page that is come back to presses for another alert, with the words that stand on it', async () => {
  const { send, key, press } = await page()
  press()
  pass(1)
  dispatchEvent(Object.assign(new Event('pageshow'), { persisted: false }))
  assert.deepEqual([send.disabled, key.value], [true, 'from the server'])
  dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }))
  assert.equal(send.disabled, false)
  assert.match(key.value, /^[0-9a-f-]{36}$/)
})
