/** What every page says at once: when it asks, and that lines which did not change are left alone. `npm test` */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Keyed } from '../src/parts/keyed.ts'
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

/** As much of an element as lines need; `moves` counts what was put in. */
class Node {
  children: Node[] = []
  parent: Node | null = null
  moves = 0
  readonly text: string
  constructor(text = '') {
    this.text = text
  }
  get firstElementChild(): Node | null {
    return this.children[0] ?? null
  }
  get nextElementSibling(): Node | null {
    return this.parent?.children[this.parent.children.indexOf(this) + 1] ?? null
  }
  remove() {
    if (this.parent) this.parent.children = this.parent.children.filter((child) => child !== this)
    this.parent = null
  }
  insertBefore(child: Node, before: Node | null) {
    child.remove()
    this.children.splice(before ? this.children.indexOf(before) : this.children.length, 0, child)
    child.parent = this
    this.moves += 1
    return child
  }
  get texts() {
    return this.children.map(({ text }) => text)
  }
}

test('only what says something else is drawn anew, and nothing that stays is moved', () => {
  const box = new Node()
  const lines = new Keyed(box as never)
  const line = (key: string, says = key) => ({ key, says, draw: () => new Node(says) as never })
  lines.show([line('b'), line('c')])
  const [b, c] = box.children
  lines.show([line('a'), line('b'), line('c')])
  assert.deepEqual(box.texts, ['a', 'b', 'c'])
  assert.deepEqual(box.children.slice(1), [b, c])
  assert.equal(box.moves, 3)
  lines.show([line('b'), line('c', 'C'), line('d')])
  assert.deepEqual(box.texts, ['b', 'C', 'd'])
  assert.equal(box.children[0], b)
  assert.equal(box.moves, 5)
  lines.show([])
  assert.deepEqual(box.texts, [])
})
