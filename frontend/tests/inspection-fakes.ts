/** A phone that is killed, a network that loses, doubles and delays, and a server that keeps the contract. */
import { createHash } from 'node:crypto'
import { Later, Refusal, type Api, type Uploaded } from '../src/inspection/api.ts'
import { STORES, type Box, type Store, type Tx } from '../src/inspection/box.ts'
import type { Everything, Photo, Standing, Value, Visit } from '../src/inspection/types.ts'

export class Killed extends Error {}

export type Random = () => number
export function seeded(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** Written whole or not at all, like IndexedDB. `danger` decides before and after each write whether the app is killed there. */
export class MemoryBox implements Box {
  rows = new Map<Store, Map<string, unknown>>(STORES.map((name) => [name, new Map()]))
  danger: () => boolean = () => false

  read<T>(stores: Store[], work: (tx: Tx) => Promise<T>): Promise<T> {
    return work(this.tx(stores, null))
  }

  async write<T>(stores: Store[], work: (tx: Tx) => Promise<T>): Promise<T> {
    const written: [Store, string, unknown][] = []
    const result = await work(this.tx(stores, written))
    if (this.danger()) throw new Killed()
    for (const [store, key, value] of written) {
      if (value === undefined) this.of(store).delete(key)
      else this.of(store).set(key, value)
    }
    if (this.danger()) throw new Killed()
    return result
  }

  private of(store: Store): Map<string, unknown> {
    return this.rows.get(store) as Map<string, unknown>
  }

  private tx(stores: Store[], written: [Store, string, unknown][] | null): Tx {
    const fresh = (store: Store) => {
      if (!stores.includes(store)) throw new Error(`${store} is not part of this transaction`)
      const rows = new Map(this.of(store))
      for (const [name, key, value] of written ?? []) {
        if (name !== store) continue
        if (value === undefined) rows.delete(key)
        else rows.set(key, value)
      }
      return rows
    }
    const note = (store: Store, key: string, value: unknown) => {
      if (!written) throw new Error('read only')
      fresh(store)
      written.push([store, key, value])
    }
    return {
      get: <T>(store: Store, key: string) => Promise.resolve(structuredClone(fresh(store).get(key)) as T | undefined),
      all: <T>(store: Store) => Promise.resolve([...fresh(store).values()].map((row) => structuredClone(row)) as T[]),
      put: (store, key, value) => note(store, key, structuredClone(value)),
      delete: (store, key) => note(store, key, undefined),
    }
  }
}

export const UID = '00000000-0000-4000-8000-000000000001'
export const ME = { id: 7, name: 'Тілеуов' }
export const REQUIREMENTS = [311, 312, 313, 314, 315, 316]

const words = { kk: 'қ', ru: 'р', en: 'e' }

type Json = Record<string, unknown>
interface Stored extends Value {
  version: number
  at: number
  by: { id: number; name: string }
  device: string
}

/** The rules of docs/inspections-device.md, as small as they can be. */
export class FakeServer implements Api {
  version = 1
  state: Visit['state'] = 'assigned'
  starts = 0
  answers = new Map<number, Stored>()
  fields = new Map<string, { value: string; version: number }>()
  outcomes = new Map<string, { outcome: 'applied' | 'older' | 'conflict' | 'refused'; detail?: string }>()
  newest = new Map<string, number>()
  conflicts: Visit['conflicts'] = []
  photos = new Map<string, Photo>()
  removed = new Set<string>()
  uploads = new Map<string, { id: number; bytes: Uint8Array; size: number; sha256: string; kind: string; stored: boolean }>()
  stored: string[] = []
  submissions = 0
  signature = ''
  applied = 0

  visit(): Visit {
    return {
      uid: UID, url: '/inspections/1/', kind: 'planned', kind_name: '', state_reason: '', reason: '', planned_on: '2026-11-25', planned_at: '09:10',
      planned_order: 1, started_at: null, submitted_at: null, round: null, inspector: ME, companions: [], editions: [4], edition_note: '', signed: Boolean(this.signature),
      facility: { id: 5, code: 'S-5', name: words, type: words, category: 1, address: words, place: words, lat: 50, lon: 57, phone: '', notes: '', opening: null, contacts: [], buildings: [] },
      checklist: REQUIREMENTS.map((requirement) => ({ requirement, live: null, previous: null, finding: null, required: true })),
      ...this.standing(),
    } // prettier-ignore
  }

  standing(): Standing {
    return structuredClone({
      version: this.version,
      state: this.state,
      answers: Object.fromEntries(this.answers),
      fields: Object.fromEntries(this.fields) as Visit['fields'],
      photos: [...this.photos.values()].filter((photo) => !this.removed.has(photo.client_id)),
      removed_photos: [...this.removed],
      conflicts: this.conflicts,
      clock_note: '',
    })
  }

  private told() {
    const requirement = (id: number) => ({ id, paragraph: String(id), edition: 4, order: id, section: words, text: words, hint: words, point: 'video', point_name: words, mandatory: true, severity: 'serious' as const, verify: 'look' as const, evidence: [] })
    return {
      requirements: Object.fromEntries(REQUIREMENTS.map((id) => [String(id), requirement(id)])),
      editions: { '4': { id: 4, label: '2026', state: 'in_force', standard: words, instrument: words } },
    }
  }

  async visits(etag: string): Promise<{ etag: string; told: Everything } | null> {
    if (etag === String(this.version)) return null
    return { etag: String(this.version), told: { ...this.told(), person: ME, left_off: 0, visits: [this.visit()] } }
  }

  async start() {
    if (this.state === 'cancelled') throw new Refusal('This visit was cancelled.', 409, 'cancelled', {})
    this.starts++
    if (this.state === 'assigned') {
      this.state = 'under_way'
      this.version++
    }
    return { ...this.told(), visit: this.visit() }
  }

  /** Somebody else answers at the desk. */
  elsewhere(requirement: number, value: Value): void {
    const before = this.answers.get(requirement)
    this.answers.set(requirement, { ...value, version: (before?.version ?? 0) + 1, at: 1, by: { id: 8, name: 'Басқа' }, device: 'desk' })
    this.version++
  }

  async sync(_uid: string, body: Json) {
    const outcomes: Record<string, { outcome: 'applied' | 'older' | 'conflict' | 'refused'; detail?: string }> = {}
    for (const change of body['changes'] as (Json & { id: string; seq: number; base: number })[]) {
      const known = this.outcomes.get(change.id)
      outcomes[change.id] = known ?? this.judge(change, String(body['device']))
      this.outcomes.set(change.id, outcomes[change.id] as { outcome: 'applied' })
    }
    return { ...this.standing(), outcomes }
  }

  private judge(change: Json & { seq: number; base: number }, device: string): { outcome: 'applied' | 'older' | 'conflict' | 'refused'; detail?: string } {
    this.version++
    const target = String(change['requirement'] ?? change['field'])
    if (change['kind'] === 'answer' && (change['value'] as Value).note === 'impossible') return { outcome: 'refused', detail: 'Too long.' }
    if (change.seq < (this.newest.get(target) ?? 0)) return { outcome: 'older' }
    this.newest.set(target, change.seq)
    if (change['kind'] === 'field') {
      this.fields.set(target, { value: (change['value'] as { text: string }).text, version: (this.fields.get(target)?.version ?? 0) + 1 })
      return { outcome: 'applied' }
    }
    const here = this.answers.get(Number(target))
    const value = change['value'] as Value
    if (here && here.device !== device && here.version > change.base) {
      const conflict = { id: 1000 + Number(target), requirement: Number(target), field: '' as const, ours: here, theirs: value, late: false }
      this.conflicts = [...this.conflicts.filter((one) => one.id !== conflict.id), conflict]
      return { outcome: 'conflict' }
    }
    this.applied++
    this.answers.set(Number(target), { ...value, version: Math.max(here?.version ?? 0, change.base) + 1, at: 1, by: ME, device })
    return { outcome: 'applied' }
  }

  async choose(_uid: string, conflict: number, body: Json): Promise<Standing> {
    const found = this.conflicts.find((one) => one.id === conflict)
    if (found && body['choose'] === 'theirs' && found.requirement)
      this.answers.set(found.requirement, { ...(found.theirs as Value), version: (this.answers.get(found.requirement)?.version ?? 0) + 1, at: 1, by: ME, device: 'chosen' })
    this.conflicts = this.conflicts.filter((one) => one.id !== conflict)
    this.version++
    return this.standing()
  }

  async announce(body: Json): Promise<Uploaded> {
    const number = String(body['client_id'])
    let upload = this.uploads.get(number)
    if (!upload) {
      upload = { id: this.uploads.size + 1, bytes: new Uint8Array(), size: Number(body['size']), sha256: String(body['sha256']), kind: String(body['kind']), stored: false }
      this.uploads.set(number, upload)
    }
    if (upload.size !== body['size'] || upload.sha256 !== body['sha256']) throw new Refusal('Another file', 409, '', {})
    return { id: upload.id, offset: upload.bytes.length, ...(upload.stored ? { file: { id: upload.id } } : {}) }
  }

  async piece(id: number, offset: number, bytes: ArrayBuffer): Promise<Uploaded> {
    const [number, upload] = [...this.uploads].find(([, one]) => one.id === id) as [string, { id: number; bytes: Uint8Array; size: number; sha256: string; kind: string; stored: boolean }]
    if (upload.stored && offset === upload.size) return { id, offset, file: { id } }
    if (offset !== upload.bytes.length) return { id, offset: upload.bytes.length, again: true }
    const joined = new Uint8Array(upload.bytes.length + bytes.byteLength)
    joined.set(upload.bytes)
    joined.set(new Uint8Array(bytes), upload.bytes.length)
    upload.bytes = joined
    if (upload.bytes.length < upload.size) return { id, offset: upload.bytes.length }
    if (createHash('sha256').update(upload.bytes).digest('hex') !== upload.sha256) {
      upload.bytes = new Uint8Array()
      return { id, offset: 0, again: true, error: 'damaged' }
    }
    upload.stored = true
    this.stored.push(number)
    return { id, offset: upload.size, file: { id } }
  }

  async photo(_uid: string, body: Json) {
    const number = String(body['client_id'])
    if (this.removed.has(number)) return { photo: null, removed: true }
    if (!this.uploads.get(number)?.stored) throw new Refusal('not yet', 409, 'not_uploaded', {})
    const photo: Photo = { client_id: number, requirement: body['requirement'] as number, thumbnail: '', url: '', taken_at: 1, caption: '', by: ME, mine: true }
    if (!this.photos.has(number)) {
      this.photos.set(number, photo)
      this.version++
    }
    return { photo }
  }

  async unphoto(_uid: string, number: string): Promise<Standing> {
    this.removed.add(number)
    this.version++
    return this.standing()
  }

  async submit(_uid: string, body: Json) {
    const expect = body['expect'] as { answers: Record<string, number>; photos: string[] }
    const missing = []
    for (const id of REQUIREMENTS) if (!this.answers.has(id)) missing.push({ what: 'answer', requirement: id, text: '' })
    for (const [id, version] of Object.entries(expect.answers))
      if ((this.answers.get(Number(id))?.version ?? 0) < version) missing.push({ what: 'version', requirement: Number(id), text: '' })
    for (const photo of expect.photos) if (!this.photos.has(photo)) missing.push({ what: 'photo', photo, text: '' })
    for (const conflict of this.conflicts) missing.push({ what: 'conflict', conflict: conflict.id, text: '' })
    const signature = String(body['signature'])
    if (signature && !this.uploads.get(signature)?.stored) missing.push({ what: 'upload', text: '' })
    if (!signature && !this.fields.get('signature_refused')?.value) missing.push({ what: 'signature', text: '' })
    if (missing.length) throw new Refusal('incomplete', 409, 'incomplete', { missing })
    if (this.state !== 'submitted') {
      this.state = 'submitted'
      this.signature = signature
      this.submissions++
      this.version++
    }
    const findings = [...this.answers].filter(([, answer]) => answer.state === 'unmet').map(([requirement]) => ({ id: requirement, requirement, severity: 'serious', state: 'open' }))
    return { ...this.told(), submitted_at: 1, findings, fixed: [], visit: this.visit() }
  }
}

/** Loses requests and answers, delivers twice, and delivers old requests once more later. */
export function badNetwork(server: FakeServer, random: Random, trouble: number): Api {
  const old: (() => Promise<unknown>)[] = []
  const through = <A extends unknown[], R>(call: (...args: A) => Promise<R>) => async (...args: A): Promise<R> => {
    const sent = structuredClone(args)
    if (random() < trouble) throw new Later('the request was lost')
    if (old.length && random() < trouble) await (old[Math.floor(random() * old.length)] as () => Promise<unknown>)().catch(() => {})
    old.push(() => call(...structuredClone(sent)))
    if (random() < trouble) await call(...structuredClone(sent)).catch(() => {})
    const answer = await call(...structuredClone(sent))
    if (random() < trouble) throw new Later('the answer was lost')
    return answer
  }
  const names = ['visits', 'start', 'sync', 'choose', 'photo', 'unphoto', 'submit', 'announce', 'piece'] as const
  return Object.fromEntries(names.map((name) => [name, through((server[name] as (...args: never[]) => Promise<unknown>).bind(server))])) as unknown as Api
}
