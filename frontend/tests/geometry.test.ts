/** Where the name of an area stands. `npm test` */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { polygonOf, roomiest } from '../src/map/geometry.ts'

test('the name of an area that bends stands inside it, where there is most room', () => {
  // An L: a narrow arm upwards on the left, a wide foot to the right. Its middle lies outside.
  const bent = polygonOf([[0, 0], [6, 0], [6, 2], [1, 2], [1, 6], [0, 6]])
  const [lon = 0, lat = 0] = roomiest(bent) ?? []
  assert.ok(lon > 1.5 && lon < 5 && lat > 0.6 && lat < 1.4, `${lon}, ${lat}`)
})

test('a hole is not inside, and of several parts the largest has the name', () => {
  const ring = [[0, 0], [9, 0], [9, 9], [0, 9], [0, 0]]
  const hole = [[1, 1], [1, 8], [5, 8], [5, 1], [1, 1]]
  const islet = [[20, 0], [21, 0], [21, 1], [20, 1], [20, 0]]
  const [lon = 0] = roomiest({ type: 'MultiPolygon', coordinates: [[islet], [ring, hole]] }) ?? []
  assert.ok(lon > 5 && lon < 9, String(lon))
})

test('what has no inside has no such place', () => {
  assert.equal(roomiest({ type: 'Point', coordinates: [57, 50] }), null)
})
