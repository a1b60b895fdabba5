/** The phone app of inspections: nothing is lost and nothing is doubled. `npm test` */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { Later, OtherPerson, Refusal, SignedOut, type Api } from '../src/inspection/api.ts'
import { Drafts } from '../src/inspection/drafts.ts'
import { Exchange } from '../src/inspection/exchange.ts'
import { Loop, pause } from '../src/inspection/loop.ts'
import type { Picture, State, Value } from '../src/inspection/types.ts'
import { Fields } from '../src/inspection/ui/fields.ts'
import { Rest } from '../src/inspection/ui/rest.ts'
import { chipOf, fieldBase, fieldOf, lacks, see } from '../src/inspection/view.ts'
import { lockOf, whose } from '../src/inspection/whose.ts'
import { badNetwork, FakeServer, Killed, MemoryBox, REQUIREMENTS, seeded, UID } from './inspection-fakes.ts'

const SEEDS = Number(process.env['SEEDS'] ?? 40)
let numbers = 0
const tools = { now: () => 1_800_000_000_000 + numbers, uuid: () => `number-${++numbers}` }
const value = (state: State, note = ''): Value => ({ state, severity: '', note, place: '', building: null })

function shot(n: number, size = 300_000) {
  const bytes = new Uint8Array(size).fill(n % 251).buffer
  const sha256 = createHash('sha256').update(new Uint8Array(bytes)).digest('hex')
  return { kind: 'photo' as const, requirement: REQUIREMENTS[n % 3] ?? null, place: null, type: 'image/jpeg', bytes, sha256, thumb: null }
}

interface Phone {
  box: MemoryBox
  drafts: Drafts
  exchange: Exchange
}
function phone(api: Api, box = new MemoryBox()): Phone {
  const drafts = new Drafts(box, tools)
  return { box, drafts, exchange: new Exchange(drafts, api, { person: '7', device: 'phone' }) }
}

const seen = async ({ drafts }: Phone) => {
  const kept = await drafts.kept()
  const visit = kept.visits.find((one) => one.uid === UID)
  assert.ok(visit)
  return see(kept, visit)
}

async function answerAll(drafts: Drafts): Promise<void> {
  for (const [n, id] of REQUIREMENTS.entries()) await drafts.answer(UID, id, value(n < 2 ? 'unmet' : 'met', n < 2 ? `seen ${n}` : ''))
}

test('an answer is kept before the server hears of it, and goes once', async () => {
  const server = new FakeServer()
  const one = phone(server)
  await one.exchange.all()
  await one.drafts.answer(UID, 311, value('met'))
  let now = await seen(one)
  assert.equal(now.items[0]?.where, 'waiting')
  assert.equal(chipOf(now, false), 'device')
  await one.exchange.all()
  await one.exchange.all()
  now = await seen(one)
  assert.equal(now.items[0]?.where, 'here')
  assert.equal(chipOf(now, false), 'server')
  assert.equal(server.applied, 1)
  assert.equal(server.starts, 1)
})

test('a whole visit without a network goes by itself when there is one', async () => {
  const server = new FakeServer()
  let network = true
  const api = new Proxy(server, {
    get: (target, name: keyof FakeServer) => (...args: never[]) => (network ? (target[name] as (...a: never[]) => unknown).apply(target, args) : Promise.reject(new Later('off'))),
  }) as unknown as Api
  const one = phone(api)
  await one.exchange.all()
  network = false
  await answerAll(one.drafts)
  const photo = await one.drafts.picture(UID, shot(1))
  const signature = await one.drafts.picture(UID, { ...shot(2, 9000), kind: 'signature' })
  await one.drafts.field(UID, 'representative', 'Ахметова')
  await one.drafts.finish(UID, null)
  await assert.rejects(one.exchange.all(), Later)
  let now = await seen(one)
  assert.equal(chipOf(now, false), 'queued')
  assert.deepEqual(lacks(now, true, ''), [])
  network = true
  await one.exchange.all()
  now = await seen(one)
  assert.equal(chipOf(now, false), 'handed')
  assert.equal(now.waiting, 0)
  assert.equal(now.draft?.done?.findings.length, 2)
  assert.deepEqual([...server.photos.keys()], [photo])
  assert.equal(server.signature, signature)
  assert.equal(server.fields.get('representative')?.value, 'Ахметова')
  assert.equal(one.box.rows.get('bytes')?.size, 0, 'room is given back after the hand-in')
})

test('killed anywhere, with a network that loses, doubles and mixes up: each answer and photo is there once', async () => {
  let allKills = 0
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = seeded(seed)
    const server = new FakeServer()
    const api = badNetwork(server, random, 0.2)
    let kills = 0
    let one = phone(api)
    const survive = async (work: (phone: Phone) => Promise<unknown>): Promise<boolean> => {
      try {
        await work(one)
        return true
      } catch (error) {
        if (error instanceof Killed) {
          kills++
          one = phone(api, one.box) // the app starts again over what was written
        } else if (!(error instanceof Later)) throw error
        return false
      }
    }
    while (!(await survive((p) => p.exchange.refresh())));
    one.box.danger = () => random() < 0.04
    const last = new Map<number, string>()
    for (let n = 0; n < 30; n++) {
      const id = REQUIREMENTS[n % REQUIREMENTS.length] as number
      const note = `seed ${seed} act ${n}`
      // What was not confirmed may or may not be kept; the person does it again.
      while (!(await survive((p) => p.drafts.answer(UID, id, value(n % 3 ? 'met' : 'unmet', note)))));
      last.set(id, note)
      if (random() < 0.3) await survive((p) => p.exchange.all())
    }
    for (let n = 0; n < 3; n++) {
      // The app confirms the photo only when it is kept; a photo that was kept without a word is seen after the restart.
      const before = (await one.drafts.kept()).pictures.length
      while (!(await survive((p) => p.drafts.picture(UID, shot(n + seed))))) if ((await one.drafts.kept()).pictures.length > before) break
    }
    while (!(await survive((p) => p.drafts.picture(UID, { ...shot(seed, 5000), kind: 'signature' }))));
    const photos = (await one.drafts.kept()).pictures.filter((p) => p.kind === 'photo').map((p) => p.client_id)
    const unwanted = photos[0] as string
    if (seed % 3 === 0) while (!(await survive((p) => p.drafts.remove(UID, unwanted))));
    while (!(await survive((p) => p.drafts.finish(UID, null))));
    for (let tries = 0; tries < 400 && server.state !== 'submitted'; tries++) await survive((p) => p.exchange.all())
    one.box.danger = () => false
    for (let tries = 0; tries < 400 && !(await seen(one)).draft?.done; tries++) await survive((p) => p.exchange.all())
    assert.equal(server.submissions, 1, `seed ${seed}`)
    for (const [id, note] of last) assert.equal(server.answers.get(id)?.note, note, `seed ${seed}: answer ${id}`)
    const wanted = photos.filter((number) => seed % 3 !== 0 || number !== unwanted)
    const there = [...server.photos.keys()].filter((number) => !server.removed.has(number))
    assert.deepEqual(there.sort(), wanted.sort(), `seed ${seed}: photos`)
    assert.equal(new Set(server.stored).size, server.stored.length, `seed ${seed}: a file was stored twice`)
    assert.equal((await seen(one)).waiting, 0)
    allKills += kills
  }
  assert.ok(allKills > SEEDS, `killed only ${allKills} times`)
})

test('an upload goes on where it was cut', async () => {
  const server = new FakeServer()
  let pieces = 0
  const bytes: number[] = []
  const piece = server.piece.bind(server)
  server.piece = async (id, offset, part) => {
    if (++pieces === 3) throw new Later('cut')
    bytes.push(part.byteLength)
    return piece(id, offset, part)
  }
  const one = phone(server)
  await one.exchange.all()
  await one.drafts.picture(UID, shot(1, 2_000_000))
  await assert.rejects(one.exchange.all(), Later)
  const kept = (await one.drafts.kept()).pictures[0] as Picture
  assert.ok(kept.sent > 0 && kept.sent < 2_000_000)
  await phone(server, one.box).exchange.all()
  assert.equal(bytes.reduce((a, b) => a + b), 2_000_000, 'no byte went twice')
  assert.equal(server.photos.size, 1)
})

test('two people answer differently: both are kept, a person chooses', async () => {
  const server = new FakeServer()
  const one = phone(server)
  await one.exchange.all()
  await one.drafts.answer(UID, 311, value('unmet', 'mine'))
  server.elsewhere(311, value('met', 'theirs'))
  await one.exchange.all()
  // The refresh showed the other answer, but what waited was seen over the older one: it must not count as an answer to it.
  let now = await seen(one)
  assert.equal(chipOf(now, false), 'conflict')
  assert.equal(server.answers.get(311)?.note, 'theirs')
  assert.equal(await one.exchange.choose(UID, now.visit.conflicts[0]?.id ?? 0, 'theirs', 1), '')
  now = await seen(one)
  assert.equal(now.items[0]?.value?.note, 'mine')
  assert.equal(now.visit.conflicts.length, 0)
})

test('what came while the cursor was in the field is not overwritten unseen', async () => {
  const server = new FakeServer()
  server.elsewhere(311, value('unmet', 'old note'))
  const one = phone(server)
  await one.exchange.all()
  const note = { value: '' }
  let cursor = false
  const fields = new Fields(() => cursor)
  const show = async () => {
    const { value: kept, base } = (await seen(one)).items[0] ?? {}
    return fields.show([[note, kept?.note ?? '']], base ?? 0, false)
  }
  const keep = () => fields.keep(async (base) => one.drafts.answer(UID, 311, value('unmet', note.value), base).then(() => true))
  assert.equal(await show(), true)
  assert.equal(note.value, 'old note')
  cursor = true
  server.elsewhere(311, value('unmet', 'what a colleague saw'))
  await one.exchange.all()
  assert.equal(await show(), false)
  assert.equal(note.value, 'old note', 'nothing moves under the cursor')
  note.value = 'old note.'
  await keep()
  await one.exchange.all()
  assert.equal(server.answers.get(311)?.note, 'what a colleague saw')
  assert.equal(server.conflicts.length, 1)
  note.value = 'old note. And more'
  await keep()
  await one.exchange.all()
  assert.equal(server.answers.get(311)?.note, 'what a colleague saw', 'also typing on says nothing about an unseen answer')
  // The cursor leaves: the answer shows, and what is typed now is a change of it.
  cursor = false
  assert.equal(await show(), true)
  assert.equal(note.value, 'what a colleague saw')
  note.value = 'seen by both'
  await keep()
  await one.exchange.all()
  assert.equal(server.answers.get(311)?.note, 'seen by both')
})

test('a text on the whole visit is a change of what the person saw', async () => {
  const server = new FakeServer()
  const say = (text: string) => {
    server.fields.set('note', { value: text, version: (server.fields.get('note')?.version ?? 0) + 1 })
    server.version++
  }
  say('old')
  const one = phone(server)
  await one.exchange.all()
  say('of a colleague')
  await one.exchange.all()
  await one.drafts.field(UID, 'note', 'old.', 1)
  await one.drafts.field(UID, 'note', 'old. More', 2)
  const kept = await one.drafts.kept()
  const visit = kept.visits[0]
  assert.ok(visit)
  assert.deepEqual(kept.changes.map(({ base }) => base), [1], 'the oldest that it was made from')
  assert.deepEqual([fieldOf(kept, visit, 'note'), fieldBase(kept, visit, 'note')], ['old. More', 1])
})

test('fields keep what is on its way to the store, and what it could not take', async () => {
  const note = { value: 'kept' }
  const fields = new Fields(() => false)
  fields.show([[note, 'kept']], 3, false)
  note.value = 'typed'
  const written = fields.keep(async (base) => {
    assert.equal(base, 3)
    assert.equal(fields.show([[note, 'kept']], 4, false), false, 'an older state of the store comes in between')
    return false // no room
  })
  assert.equal(await written, false)
  assert.equal(fields.show([[note, 'kept']], 4, false), false)
  assert.deepEqual([note.value, fields.base, fields.ours], ['typed', 3, true])
  await fields.keep(async () => true)
  assert.equal(fields.show([[note, 'typed']], 3, true), false, 'in the middle of a word')
  assert.equal(fields.show([[note, 'of a\r\ncolleague']], 4, false), true)
  assert.deepEqual([fields.base, fields.ours], [4, false])
  note.value = 'of a\ncolleague'
  assert.equal(new Fields(() => true).show([[note, 'of a\r\ncolleague']], 4, false), true)
})

test('a refused change stays, with the sentence, until the person acts', async () => {
  const server = new FakeServer()
  const one = phone(server)
  await one.exchange.all()
  await one.drafts.answer(UID, 311, value('met', 'impossible'))
  await one.exchange.all()
  await one.exchange.all()
  let now = await seen(one)
  assert.equal(now.items[0]?.where, 'refused')
  assert.equal(now.items[0]?.refused, 'Too long.')
  assert.equal(now.items[0]?.value?.note, 'impossible')
  await one.drafts.answer(UID, 311, value('met', 'short'))
  await one.exchange.all()
  now = await seen(one)
  assert.equal(now.items[0]?.where, 'here')
})

test('one change that the server cannot read does not hold the others back', async () => {
  const server = new FakeServer()
  const sync = server.sync.bind(server)
  server.sync = async (uid, body) => {
    const changes = body['changes'] as { requirement: number }[]
    if (changes.some((change) => change.requirement === 313)) throw new Refusal('nonsense', 400, 'nonsense', {})
    return sync(uid, body)
  }
  const one = phone(server)
  await one.exchange.all()
  await answerAll(one.drafts)
  await one.exchange.all()
  assert.equal(server.answers.size, REQUIREMENTS.length - 1)
  const now = await seen(one)
  assert.equal(now.items.find((item) => item.requirement.id === 313)?.where, 'refused')
})

test('changed while it was being sent: the newer one goes too', async () => {
  const server = new FakeServer()
  const one = phone(server)
  await one.exchange.all()
  const sync = server.sync.bind(server)
  let first = true
  server.sync = async (uid, body) => {
    if (first) {
      first = false
      await one.drafts.answer(UID, 311, value('unmet', 'second'))
    }
    return sync(uid, body)
  }
  await one.drafts.answer(UID, 311, value('met', 'first'))
  await one.exchange.all()
  assert.equal(server.answers.get(311)?.note, 'second')
  assert.equal(server.conflicts.length, 0)
})

test('a server that was put back to yesterday gets the rest again', async () => {
  const server = new FakeServer()
  const one = phone(server)
  await one.exchange.all()
  await answerAll(one.drafts)
  const photo = await one.drafts.picture(UID, shot(1))
  await one.exchange.all()
  server.photos.clear()
  server.uploads.clear()
  server.answers.clear()
  server.outcomes.clear()
  server.newest.clear()
  server.version = 1
  await one.drafts.field(UID, 'signature_refused', 'absent')
  await one.drafts.finish(UID, null)
  for (let n = 0; n < 4 && server.submissions === 0; n++) await one.exchange.all().catch(() => {})
  assert.equal(server.submissions, 1)
  assert.ok(server.photos.has(photo))
  assert.equal(server.answers.get(312)?.note, 'seen 1')
})

test('signed out, or somebody else is signed in: everything is kept', async () => {
  const server = new FakeServer()
  const one = phone(server)
  await one.exchange.all()
  await answerAll(one.drafts)
  const sync = server.sync.bind(server)
  server.sync = () => Promise.reject(new SignedOut('', '/login'))
  await assert.rejects(one.exchange.all(), SignedOut)
  server.sync = sync
  const visits = server.visits.bind(server)
  server.visits = async () => {
    const news = await visits('')
    if (news) news.told.person = { id: 8, name: 'Басқа' }
    return news
  }
  await assert.rejects(one.exchange.all(), OtherPerson)
  assert.equal(server.answers.size, 0)
  server.visits = visits
  await one.exchange.all()
  assert.equal(server.answers.size, REQUIREMENTS.length)
})

test('the drafts of one person never open for another', () => {
  assert.equal(whose('7', ''), '7', 'no cookie: the shell knows')
  assert.equal(whose('7', '7'), '7')
  assert.equal(whose('7', '8'), '8', 'the shell was kept for the person before')
  assert.equal(whose('7', '0'), '', 'logged out')
  assert.equal(lockOf('7', ''), null)
  assert.equal(lockOf('7', '7'), null)
  assert.equal(lockOf('7', '8'), 'other')
  assert.equal(lockOf('7', '0'), 'out')
})

test('a cancelled visit that was reopened is begun anew, and no longer said to be cancelled', async () => {
  const server = new FakeServer()
  const become = (state: FakeServer['state']) => {
    server.state = state
    server.version++
  }
  const one = phone(server)
  await one.exchange.all()
  await one.drafts.answer(UID, 311, value('met'))
  become('cancelled')
  await one.exchange.all()
  await one.exchange.all()
  let now = await seen(one)
  assert.deepEqual([now.draft?.problem?.code, chipOf(now, false), now.waiting], ['cancelled', 'cancelled', 0])
  become('assigned')
  await one.exchange.all()
  now = await seen(one)
  assert.deepEqual([now.draft?.problem, now.draft?.started, server.starts], [null, true, 1])
  assert.equal(chipOf(now, false), 'server')
  // Cancelled while it was under way, and reopened: the start goes again, which changes nothing.
  become('cancelled')
  await one.drafts.answer(UID, 312, value('met'))
  await one.exchange.all()
  become('under_way')
  await one.drafts.answer(UID, 313, value('met'))
  await one.exchange.all()
  assert.deepEqual([(await seen(one)).draft?.problem, server.answers.size], [null, 3])
})

test('a hand-in that lacks something comes back to the person, with what is missing', async () => {
  const server = new FakeServer()
  const one = phone(server)
  await one.exchange.all()
  await one.drafts.answer(UID, 311, value('met'))
  await one.drafts.field(UID, 'signature_refused', 'absent')
  await one.drafts.finish(UID, null)
  await one.exchange.all()
  const now = await seen(one)
  assert.equal(now.draft?.finish, null)
  assert.equal(now.draft?.problem?.missing.length, REQUIREMENTS.length - 1)
  assert.equal(lacks(now, false, 'absent').filter((lack) => lack.what === 'answer').length, REQUIREMENTS.length - 1)
})

test('a photo that was taken back before it went leaves no trace', async () => {
  const server = new FakeServer()
  const one = phone(server)
  await one.exchange.all()
  const photo = await one.drafts.picture(UID, shot(1))
  await one.drafts.remove(UID, photo)
  await one.exchange.all()
  assert.equal(server.uploads.size, 0)
  assert.equal((await seen(one)).waiting, 0)
})

test('a signature is kept when the hand has rested, not in the middle of it', ({ mock }) => {
  mock.timers.enable({ apis: ['setTimeout'] })
  let kept = 0
  const rest = new Rest(2500, () => kept++)
  rest.begin() // the first stroke has ended
  mock.timers.tick(2000)
  assert.equal(rest.waits, true)
  rest.stop() // the second begins, and is a long one
  mock.timers.tick(10_000)
  assert.deepEqual([kept, rest.waits], [0, false])
  rest.begin()
  mock.timers.tick(2500)
  assert.deepEqual([kept, rest.waits], [1, false])
})

test('pauses grow, and have an end', () => {
  assert.ok(pause(1, 0.5) < pause(2, 0.5) && pause(2, 0.5) < pause(5, 0.5))
  assert.ok(pause(50, 1) <= 5 * 60_000 * 1.25)
})

test('a network that goes while the last answer comes is said to be gone', async () => {
  const heard: Record<string, () => void> = {}
  const online = { onLine: true }
  const world: Record<string, unknown> = {
    navigator: online,
    addEventListener: (name: string, fn: () => void) => { heard[name] = fn },
    document: { visibilityState: 'visible', addEventListener: () => undefined },
  }
  const before = Object.keys(world).map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const)
  for (const [name, value] of Object.entries(world)) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
  try {
    const exchange = { all: async () => { online.onLine = false; heard['offline']?.() } } as unknown as Exchange
    const links: string[] = []
    const loop = new Loop(exchange, '7', () => links.push(loop.link))
    loop.start()
    await new Promise((done) => setTimeout(done, 20))
    assert.equal(loop.link, 'offline')
    assert.deepEqual(links, ['sending', 'sending', 'offline'])
    loop.stop()
  } finally {
    for (const [name, old] of before) if (old) Object.defineProperty(globalThis, name, old); else Reflect.deleteProperty(globalThis, name)
  }
})
