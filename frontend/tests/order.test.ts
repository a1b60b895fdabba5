/** Answers that come in another order than they were asked for. `npm test` */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Order } from '../src/order.ts'

test('an answer to an older question never takes the place of a newer one', () => {
  const order = new Order()
  const [first, second, third] = [order.ask(), order.ask(), order.ask()]
  assert.equal(order.take(second), true)
  assert.equal(order.take(first), false)
  assert.equal(order.take(third), true)
  assert.equal(order.take(second), false)
})

test('an answer is taken though a newer question is on its way', () => {
  const order = new Order()
  const first = order.ask()
  const second = order.ask()
  assert.equal(order.isNewest(first), false)
  assert.equal(order.isNewest(second), true)
  assert.equal(order.take(first), true)
  assert.equal(order.take(second), true)
})
