/** What of a warning that was left unsent is taken up again, and for what matter its words are. `npm test` */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { leftBefore, sameMatter, toKeep, type Draft } from '../src/warning/draft.ts'

const NOW = 1_800_000_000_000
const texts = { ru: { headline: 'Утечка' } }
const school: Draft = { plan: 'gas', mode: 'live', shape: { facility: 5, radius: 400 }, texts, alarm: 67 }
const round = (lat: number, lon: number, radius = 400): Draft => ({ plan: 'gas', mode: '', shape: { circle: { lat, lon, radius } } })

test('neither the alarm nor the mode is taken up again', () => {
  const left = leftBefore(toKeep(school, 'Школа', NOW), NOW + 60_000)
  assert.deepEqual(left, { plan: 'gas', mode: '', shape: { facility: 5, radius: 400 }, texts, label: 'Школа' })
  // Nor from what an earlier version had kept.
  assert.equal(leftBefore(JSON.stringify({ ...school, at: NOW }), NOW)?.alarm, undefined)
})

test('what is old or broken is not taken up', () => {
  assert.equal(leftBefore(toKeep(school, '', NOW), NOW + 3_600_000), null)
  assert.equal(leftBefore('{', NOW), null)
  assert.equal(leftBefore(null, NOW), null)
})

test('words are for one plan and one place', () => {
  assert.equal(sameMatter(school, { ...school, shape: { facility: 5, radius: 900 } }), true)
  assert.equal(sameMatter(school, { ...school, plan: 'fire' }), false)
  assert.equal(sameMatter(school, { ...school, shape: { facility: 6, radius: 400 } }), false)
  assert.equal(sameMatter(school, { ...school, shape: { area: 5 } }), false)
  assert.equal(sameMatter(school, round(50.3, 57.2)), false)
})

test('what was drawn may be drawn anew at its place', () => {
  assert.equal(sameMatter(round(50.3, 57.2), round(50.302, 57.203, 700)), true)
  assert.equal(sameMatter(round(50.3, 57.2), round(50.4, 57.2)), false)
})

test('what is not chosen yet contradicts nothing', () => {
  assert.equal(sameMatter({ plan: '', mode: '', texts }, school), true)
  assert.equal(sameMatter(school, { plan: 'gas', mode: '' }), true)
})
