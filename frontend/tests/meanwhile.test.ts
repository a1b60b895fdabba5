/** Proofs that come while the points of a map are fetched. `npm test` */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Meanwhile } from '../src/map/meanwhile.ts'

test('each fetch finds what was told since it began, the last word only', () => {
  const meanwhile = new Meanwhile<string>()
  meanwhile.note('1', 'before anybody asked')
  const first = meanwhile.begin()
  meanwhile.note('1', 'accepted')
  const second = meanwhile.begin()
  meanwhile.note('1', 'heard')
  meanwhile.note('2', 'failed')
  meanwhile.end(first)
  meanwhile.note('3', 'heard')
  assert.deepEqual([...first], [['1', 'heard'], ['2', 'failed']])
  assert.deepEqual([...second], [['1', 'heard'], ['2', 'failed'], ['3', 'heard']])
})
