/** Scans of a stocktake on the phone: none is lost, none goes twice, none is thrown away unread. `npm test` */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refused } from '../src/http.ts'
import { adopt, ofOthers, placeOf, Queue, type Answer, type Scan } from '../src/stocktake/queue.ts'
import { uuid } from '../src/uuid.ts'

class Box {
  text: string | null = null
  get = () => this.text
  full = false
  set = (value: string | null) => {
    if (this.full && value !== null) return false
    this.text = value
    return true
  }
}

const scan = (label: string): Scan => ({ client_id: `id-${label}`, label, building: '', place: '', at: '1800000000000' })
const found = (label: string): Answer => ({ kind: 'found', text: label, name: label, detail: '' })
const labels = (scans: Scan[]) => scans.map(({ label }) => label)
const deaf = () => undefined

/** A server that takes what is not in `refusals`, while there is a link. */
function server(refusals: Record<string, string> = {}) {
  const state = { link: true, got: [] as string[] }
  const post = async ({ label }: Scan) => {
    if (!state.link) throw new TypeError('Failed to fetch')
    state.got.push(label)
    if (refusals[label]) throw new Refused(refusals[label])
    return found(label)
  }
  return { state, post }
}

test('without a link scans wait, and go once', async () => {
  const box = new Box()
  const { state, post } = server()
  state.link = false
  const queue = new Queue(box, post)
  for (const label of ['A', 'B']) queue.add(scan(label))
  assert.equal(await queue.send(deaf), false)
  assert.deepEqual(labels(new Queue(box, post).waiting), ['A', 'B'])
  state.link = true
  const heard: string[] = []
  assert.equal(await queue.send(({ name }) => heard.push(name)), true)
  await queue.send(deaf)
  assert.deepEqual(heard, ['A', 'B'])
  assert.deepEqual(state.got, ['A', 'B'])
  assert.equal(box.text, null)
})

test('what the server refuses stays with its sentence until it is dismissed', async () => {
  const box = new Box()
  const { state, post } = server({ B: 'This stocktake is closed.' })
  const queue = new Queue(box, post)
  for (const label of ['A', 'B', 'C']) queue.add(scan(label))
  assert.equal(await queue.send(deaf), true)
  assert.deepEqual(state.got, ['A', 'B', 'C'], 'one refusal does not hold up the others')
  const again = new Queue(box, post)
  assert.deepEqual(again.untaken.map(({ label, refusal }) => [label, refusal]), [['B', 'This stocktake is closed.']])
  assert.deepEqual(again.waiting, [])
  await again.send(deaf)
  assert.equal(state.got.length, 3, 'it is not sent again')
  again.dismiss('id-B')
  assert.deepEqual(again.untaken, [])
  assert.equal(box.text, null)
})

test('forty scans without a link, refused in the end, are all still there', async () => {
  const box = new Box()
  const names = Array.from({ length: 40 }, (_none, n) => `T-${n}`)
  const { post } = server(Object.fromEntries(names.map((name) => [name, 'written down already'])))
  const queue = new Queue(box, post)
  for (const name of names) queue.add(scan(name))
  assert.equal(await queue.send(deaf), false)
  assert.deepEqual(labels(new Queue(box, post).untaken), names)
})

test('what is scanned while another is on its way is not lost', async () => {
  const box = new Box()
  const { state, post } = server()
  const queue = new Queue(box, async (one) => {
    if (one.label === 'A') queue.add(scan('B'))
    return post(one)
  })
  queue.add(scan('A'))
  await Promise.all([queue.send(deaf), queue.send(deaf)])
  assert.deepEqual(state.got, ['A', 'B'])
  assert.deepEqual(queue.waiting, [])
})

test('only what was not taken can be dismissed', () => {
  const queue = new Queue(new Box(), async () => found(''))
  queue.add(scan('A'))
  queue.dismiss('id-A')
  assert.deepEqual(labels(queue.waiting), ['A'])
})

test('scans of an older page and broken storage', () => {
  const box = new Box()
  box.text = JSON.stringify([scan('A')])
  assert.deepEqual(labels(new Queue(box, async () => found('')).waiting), ['A'])
  for (const broken of ['{', 'null', '7']) {
    box.text = broken
    assert.deepEqual(new Queue(box, async () => found('')).waiting, [])
  }
})

test('scans go under the name of whoever made them', () => {
  const kept: [string, string][] = [
    [placeOf('5', '7'), JSON.stringify([scan('A')])],
    [placeOf('5', '8'), JSON.stringify([scan('B'), { ...scan('C'), refusal: 'closed' }, scan('D')])],
    [placeOf('55', '8'), JSON.stringify([scan('E')])],
    ['stocktake.5', JSON.stringify([scan('F')])],
    [placeOf('5', '9'), 'broken'],
  ]
  assert.equal(ofOthers(kept, '5', '7'), 2)
  assert.equal(ofOthers(kept, '5', '8'), 1)
  assert.equal(ofOthers(kept, '6', '7'), 0)
})

test('scans of a page that knew no names are not lost', () => {
  const [nameless, own] = [new Box(), new Box()]
  nameless.text = JSON.stringify([scan('A')])
  own.text = JSON.stringify([scan('B')])
  own.full = true
  adopt(nameless, own)
  assert.ok(nameless.text, 'nor when there is no room')
  own.full = false
  adopt(nameless, own)
  adopt(nameless, own)
  assert.deepEqual(labels(new Queue(own, async () => found('')).waiting), ['B', 'A'])
  assert.equal(nameless.text, null)
})

test('a device that keeps nothing says so, until all has gone', async () => {
  const box = new Box()
  box.full = true
  const { state, post } = server()
  state.link = false
  const queue = new Queue(box, post)
  queue.add(scan('A'))
  await queue.send(deaf)
  assert.deepEqual([labels(queue.waiting), queue.safe], [['A'], false])
  state.link = true
  await queue.send(deaf)
  assert.deepEqual([queue.waiting, queue.safe], [[], true])
})

test('numbers are made without https too', () => {
  const made = new Set(Array.from({ length: 1000 }, uuid))
  assert.equal(made.size, 1000)
  for (const one of made) assert.match(one, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})
