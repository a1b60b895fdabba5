/** What was issued by one person alone rings once on every chief's pages, in this browser. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answer, Element, elements, kept, open, pass, settle, SOURCE } from './page.mjs'

const { startEverywhere } = await import(new URL('warning/everywhere.ts', SOURCE))
const { sound } = await import(new URL('sound.ts', SOURCE))
const LINE = { id: 7, mode: 'live', headline: 'Gas', url: '/warning/7/', author: 'A', reason: 'alone here', when: 'now', seen: '/seen' }
const told = () => kept.get('tirek.warning.alone') ?? ''

let state = 'on'
let rung = 0
Object.defineProperty(sound, 'state', { get: () => state })
sound.ring = () => rung++
sound.hush = () => {}

/** Another page of the same browser. */
async function page() {
  elements['tirek-link'] = elements['.topbar'] = new Element()
  answer({ waiting: [], overridden: [LINE], uncommanded: [] })
  startEverywhere()
  await settle()
}
function begin(as) {
  open()
  state = as
  rung = 0
}

test('it rings on the first page and on no other', async () => {
  begin('on')
  await page()
  await page()
  assert.deepEqual([rung, told()], [1, '7'])
})

for (const silent of ['blocked', 'muted'])
  test(`a page whose sound is ${silent} does not count: the next one that can be heard rings`, async () => {
    begin(silent)
    await page()
    pass(5000)
    assert.equal(told(), '')
    state = 'on'
    rung = 0
    await page()
    assert.deepEqual([rung, told()], [1, '7'])
  })

test('sound that starts while it rings counts', async () => {
  begin('blocked')
  await page()
  state = 'on'
  pass(5000)
  assert.equal(told(), '7')
})

test('one that comes while another rings is remembered too', async () => {
  begin('on')
  await page()
  answer({ waiting: [], overridden: [LINE, { ...LINE, id: 8 }], uncommanded: [] })
  document.dispatchEvent(new CustomEvent('tirek:alert.changed', { detail: {} }))
  pass(500)
  await settle()
  pass(5000)
  assert.deepEqual([rung, told()], [2, '7 8'])
})
