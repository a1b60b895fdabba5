/** What every page says at once: when it asks. `npm test` */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextLook } from '../src/warning/looking.ts'

const calm = { failures: 0, isLinked: true, isCalled: true }

test('with a link events tell; without one only those ask who may be called', () => {
  assert.equal(nextLook(calm), null)
  assert.equal(nextLook({ ...calm, isLinked: false, isCalled: false }), null)
  assert.ok((nextLook({ ...calm, isLinked: false }) ?? 0) > 0)
})

test('after a failure it asks again, more and more seldom, for ever', () => {
  const pauses = [1, 2, 3, 4, 5, 50].map((failures) => nextLook({ ...calm, failures, isCalled: false }))
  assert.deepEqual(pauses, [5_000, 10_000, 20_000, 40_000, 60_000, 60_000])
})
