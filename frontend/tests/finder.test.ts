/** A search box: Enter takes only what was found for the text in it. `npm test` */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Finder } from '../src/parts/finder.ts'

/** A server whose answers come when the test says so. */
function slow() {
  const waiting: { text: string; answer(found: string[]): void; fail(): void }[] = []
  const finder = new Finder<string>(
    (text) => new Promise((answer, fail) => waiting.push({ text, answer, fail: () => fail(new Error('no link')) })),
  )
  return { finder, waiting }
}

test('what was found for another text is not taken', async () => {
  const { finder, waiting } = slow()
  const first = finder.find('akt')
  waiting[0]?.answer(['Aktobe'])
  assert.deepEqual(await first, ['Aktobe'])
  assert.deepEqual(finder.of('akt'), ['Aktobe'])
  assert.equal(finder.of('alga'), null)
})

test('a slow answer to an older text comes to nothing', async () => {
  const { finder, waiting } = slow()
  const [older, newer] = [finder.find('a'), finder.find('al')]
  waiting[1]?.answer(['Alga'])
  waiting[0]?.answer(['Aktobe'])
  assert.equal(await older, null)
  assert.deepEqual(await newer, ['Alga'])
  assert.deepEqual(finder.of('al'), ['Alga'])
})

test('Enter while the answer is on its way waits for that answer, and does not ask again', async () => {
  const { finder, waiting } = slow()
  const [typed, pressed] = [finder.find('alga'), finder.find('alga')]
  assert.equal(waiting.length, 1)
  waiting[0]?.answer(['Alga'])
  assert.deepEqual([await typed, await pressed], [['Alga'], ['Alga']])
})

test('a closed box takes nothing, also not what is on its way', async () => {
  const { finder, waiting } = slow()
  const asked = finder.find('alga')
  finder.forget()
  waiting[0]?.answer(['Alga'])
  assert.equal(await asked, null)
  assert.equal(finder.of('alga'), null)
})

test('after a failure the same text is asked for again', async () => {
  const { finder, waiting } = slow()
  const failed = finder.find('alga')
  waiting[0]?.fail()
  await assert.rejects(failed)
  const again = finder.find('alga')
  waiting[1]?.answer(['Alga'])
  assert.deepEqual(await again, ['Alga'])
})
