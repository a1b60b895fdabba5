/**
 * Sends what is kept and takes in what the server says. Every step is written down before the next one, and every request may be
 * sent again: it does not matter where the app is killed, which answers are lost, or how often something arrives.
 */
import { Later, OtherPerson, Refusal, type Api } from './api.ts'
import type { Store, Tx } from './box.ts'
import { draftOf, dropPicture, emptyDraft, type Drafts } from './drafts.ts'
import { keyOf } from './view.ts'
import type { Answer, Change, Draft, Edition, Everything, Missing, Picture, Problem, Standing, Told, Visit } from './types.ts'

const MOST_AT_ONCE = 100
const SMALLEST_PIECE = 32 * 1024
const LARGEST_PIECE = 1024 * 1024
const QUICK_MS = 3000
const MOST_AGAIN = 8
const HEALS = new Set(['version', 'photo', 'upload'])
/** What a transaction touches that takes in the state of a visit. */
const STANDING: Store[] = ['visits', 'changes', 'pictures', 'meta', 'drafts']
/** What stays said until the person has done something about it. */
const LASTING = new Set(['incomplete', 'held', 'cancelled'])

interface Me {
  person: string
  device: string
  uuid: () => string
}

/** Never run two at once over the same box: `Loop` holds a lock. */
export class Exchange {
  private piece = 128 * 1024
  private readonly drafts: Drafts
  private readonly api: Api
  private readonly me: Me
  private readonly told: (uid: string | null) => void

  constructor(drafts: Drafts, api: Api, me: { person: string; device: string }, told: (uid: string | null) => void = () => {}) {
    this.drafts = drafts
    this.api = api
    this.me = { ...me, uuid: drafts.tools.uuid }
    this.told = told
  }

  /** Everything once. Throws `Later`, `SignedOut`, `OtherPerson`; what concerns one visit is written down with it. */
  async all(): Promise<void> {
    await this.refresh()
    for (const uid of await this.withWork()) {
      this.told(uid)
      try {
        await this.one(uid)
        await this.settle(uid)
      } catch (error) {
        if (error instanceof Refusal) await this.problem(uid, { code: error.code || String(error.status), text: error.message, missing: [] })
        else throw error
      } finally {
        this.told(null)
      }
    }
  }

  /** What the server says of all my visits. */
  async refresh(): Promise<void> {
    const etag = (await this.drafts.meta<string>('etag')) ?? ''
    const news = await this.api.visits(etag)
    await this.drafts.box.write([...STANDING, 'requirements', 'editions', 'bytes'], async (tx) => {
      if (news) {
        if (String(news.told.person.id) !== this.me.person) throw new OtherPerson()
        await this.takeAll(tx, news.told)
        tx.put('meta', 'etag', news.etag)
        tx.put('meta', 'left_off', news.told.left_off)
      }
      tx.put('meta', 'exchanged_at', this.drafts.tools.now())
    })
  }

  private async takeAll(tx: Tx, all: Everything): Promise<void> {
    await takeTold(tx, all)
    for (const visit of all.visits) await takeVisit(tx, visit, this.me)
    const here = new Set(all.visits.map((visit) => visit.uid))
    const [visits, changes, pictures] = await Promise.all([tx.all<Visit>('visits'), tx.all<Change>('changes'), tx.all<Picture>('pictures')])
    for (const { uid } of visits) {
      if (here.has(uid)) continue
      const own = pictures.filter((picture) => picture.uid === uid)
      const draft = await draftOf(tx, uid)
      const work = changes.some((change) => change.uid === uid) || (draft.finish && !draft.done) || own.some((picture) => picture.state !== 'tied' || picture.removed)
      if (work && !draft.done) continue // the server will say what is to be done with it
      tx.delete('visits', uid)
      tx.delete('drafts', uid)
      for (const picture of own) dropPicture(tx, picture.client_id)
    }
  }

  private async withWork(): Promise<string[]> {
    const kept = await this.drafts.kept()
    const found = new Set<string>()
    for (const change of [...kept.changes].sort((a, b) => a.seq - b.seq)) if (!change.refused) found.add(change.uid)
    for (const picture of kept.pictures) if (!picture.refused && (picture.removed || picture.state !== 'tied')) found.add(picture.uid)
    for (const draft of kept.drafts.values()) if ((draft.start && !draft.started) || (draft.finish && !draft.done)) found.add(draft.uid)
    return [...found]
  }

  private async one(uid: string): Promise<void> {
    await this.start(uid)
    await this.changes(uid)
    await this.pictures(uid)
    await this.handIn(uid)
  }

  private async start(uid: string): Promise<void> {
    const draft = await this.draft(uid)
    if (!draft.start || draft.started) return
    const { at, place, editions } = draft.start
    try {
      const answer = await this.api.start(uid, { ...this.sender(), at, ...place, ...(editions.length ? { editions } : {}) })
      await this.drafts.box.write([...STANDING, 'requirements', 'editions'], async (tx) => {
        await takeTold(tx, answer)
        await takeVisit(tx, answer.visit, this.me)
        tx.put('drafts', uid, { ...(await draftOf(tx, uid)), started: true } satisfies Draft)
      })
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'cancelled') throw error
      await this.problem(uid, { code: error.code, text: error.message, missing: [] }, { started: true })
    }
  }

  private async changes(uid: string): Promise<void> {
    let most = MOST_AT_ONCE
    for (;;) {
      const waiting = (await this.waiting(uid)).slice(0, most)
      if (!waiting.length) return
      const changes = waiting.map(({ id, seq, at, kind, base, value, requirement, field }) =>
        kind === 'answer' ? { id, seq, at, kind, requirement, base, value } : { id, seq, at, kind, field, base, value },
      )
      try {
        const answer = await this.api.sync(uid, { ...this.sender(), changes })
        const judged = await this.drafts.box.write(STANDING, async (tx) => {
          let n = 0
          for (const sent of waiting) {
            const outcome = answer.outcomes[sent.id]
            if (!outcome) continue
            n++
            const now = await tx.get<Change>('changes', sent.key)
            if (now?.id !== sent.id) continue // changed anew meanwhile: that one waits for its own turn
            if (outcome.outcome === 'refused') tx.put('changes', sent.key, { ...now, refused: outcome.detail || '!' })
            else tx.delete('changes', sent.key)
          }
          await takeStanding(tx, uid, answer, this.me)
          return n
        })
        if (!judged) throw new Later('nothing was judged')
      } catch (error) {
        if (!(error instanceof Refusal) || (error.status !== 413 && error.status !== 400)) throw error
        if (waiting.length > 1) most = Math.floor(waiting.length / 2)
        else await this.refuse(waiting[0] as Change, error.message)
      }
    }
  }

  private refuse(sent: Change, text: string): Promise<void> {
    return this.drafts.box.write(['changes'], async (tx) => {
      const now = await tx.get<Change>('changes', sent.key)
      if (now?.id === sent.id) tx.put('changes', sent.key, { ...now, refused: text || '!' })
    })
  }

  private async pictures(uid: string): Promise<void> {
    const all = await this.drafts.box.read(['pictures'], (tx) => tx.all<Picture>('pictures'))
    for (const picture of all.filter((one) => one.uid === uid && !one.refused)) {
      try {
        if (picture.removed) await this.takeBack(picture)
        else if (picture.state === 'waiting') await this.upload(picture)
        else if (picture.state === 'here') await this.tie(picture)
      } catch (error) {
        if (!(error instanceof Refusal) || ['cancelled', 'gone', 'forbidden'].includes(error.code)) throw error
        if (error.code === 'not_uploaded') await this.mark(picture, { state: 'waiting' })
        else await this.mark(picture, { refused: error.message || '!' })
      }
      this.told(uid)
    }
  }

  private async takeBack(picture: Picture): Promise<void> {
    const standing = await this.api.unphoto(picture.uid, picture.client_id)
    await this.drafts.box.write([...STANDING, 'bytes'], async (tx) => {
      dropPicture(tx, picture.client_id)
      await takeStanding(tx, picture.uid, standing, this.me)
    })
  }

  private async upload(picture: Picture): Promise<void> {
    const bytes = await this.drafts.bytes(picture.client_id)
    if (!bytes) return // removed in this moment
    if (!(await this.mark(picture, { tried: true }))) return
    const { client_id, size, sha256, kind } = picture
    const name = `${kind}-${picture.taken_at}.${picture.type === 'image/png' ? 'png' : 'jpg'}`
    let here = await this.api.announce({ client_id, size, sha256, name, kind })
    for (let again = 0; !here.file; again += here.again ? 1 : 0) {
      if (again > MOST_AGAIN) throw new Later('no progress')
      if (here.error && !here.again) throw new Refusal(here.error, 422, '', {})
      const began = this.drafts.tools.now()
      const offset = here.offset
      try {
        here = await this.api.piece(here.id, offset, bytes.slice(offset, offset + this.piece))
      } catch (error) {
        if (error instanceof Later) this.piece = Math.max(SMALLEST_PIECE, this.piece / 2)
        throw error
      }
      if (this.drafts.tools.now() - began < QUICK_MS) this.piece = Math.min(LARGEST_PIECE, this.piece * 2)
      if (!here.file && !here.again && here.offset <= offset) throw new Later('no progress')
      if (!(await this.mark(picture, { sent: here.offset }))) return
      this.told(picture.uid)
    }
    const state = kind === 'signature' ? 'tied' : 'here'
    if ((await this.mark(picture, { state, sent: size })) && kind === 'photo') await this.tie(picture)
  }

  private async tie(picture: Picture): Promise<void> {
    const { client_id, requirement, taken_at, place } = picture
    const body = { ...this.sender(), client_id, upload: client_id, requirement, taken_at, caption: '', ...place }
    const answer = await this.api.photo(picture.uid, body)
    await this.drafts.box.write(['pictures', 'visits'], async (tx) => {
      const now = await tx.get<Picture>('pictures', client_id)
      if (now) tx.put('pictures', client_id, { ...now, state: 'tied' } satisfies Picture)
      const visit = await tx.get<Visit>('visits', picture.uid)
      if (!visit || !answer.photo) return
      const photos = [...visit.photos.filter((photo) => photo.client_id !== client_id), answer.photo]
      tx.put('visits', picture.uid, { ...visit, photos } satisfies Visit)
    })
  }

  private async handIn(uid: string): Promise<void> {
    const kept = await this.drafts.kept()
    const draft = kept.drafts.get(uid)
    const visit = kept.visits.find((one) => one.uid === uid)
    if (!draft?.finish || draft.done || !visit) return
    const own = kept.pictures.filter((picture) => picture.uid === uid)
    if (kept.changes.some((change) => change.uid === uid && !change.refused)) throw new Later('changed meanwhile')
    if (own.some((picture) => !picture.refused && (picture.removed || picture.state !== 'tied'))) throw new Later('pictures wait')
    if (kept.changes.some((change) => change.uid === uid) || own.some((picture) => picture.refused))
      return this.problem(uid, { code: 'held', text: '', missing: [] }, { finish: null })
    const answers = Object.fromEntries(Object.entries(visit.answers).map(([key, answer]) => [key, answer.version]))
    const photos = own.filter((picture) => picture.kind === 'photo').map((picture) => picture.client_id)
    const body = { ...this.sender(), finished_at: draft.finish.at, ...draft.finish.place, signature: draft.signature, expect: { answers, photos } }
    try {
      const { submitted_at, findings, fixed, ...answer } = await this.api.submit(uid, body)
      await this.drafts.box.write([...STANDING, 'requirements', 'editions', 'bytes'], async (tx) => {
        await takeTold(tx, answer)
        await takeVisit(tx, answer.visit, this.me)
        const done = { submitted_at, findings, fixed }
        tx.put('drafts', uid, { ...(await draftOf(tx, uid)), done, problem: null } satisfies Draft)
        for (const picture of own) tx.delete('bytes', picture.client_id) // the server has them, and has said so
      })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const { code, message: text, missing } = error
      const heals = code === 'incomplete' && missing.length > 0 && missing.every((one) => HEALS.has(one.what))
      if (heals) {
        await this.heal(uid, draft, visit, missing)
        throw new Later('sent again')
      }
      await this.problem(uid, { code: code || String(error.status), text, missing }, { finish: null })
    }
  }

  /** What the server misses though it had it goes again. */
  private heal(uid: string, draft: Draft, visit: Visit, missing: Missing[]): Promise<void> {
    return this.drafts.box.write(['changes', 'pictures', 'meta'], async (tx) => {
      for (const { what, requirement, photo } of missing) {
        const number = what === 'upload' ? draft.signature : photo
        const picture = number ? await tx.get<Picture>('pictures', number) : undefined
        if (picture) tx.put('pictures', picture.client_id, { ...picture, state: 'waiting', sent: 0 } satisfies Picture)
        const answer = requirement ? visit.answers[String(requirement)] : undefined
        if (what === 'version' && requirement && answer) await queueAgain(tx, uid, requirement, answer, this.me)
      }
    })
  }

  /** Which side of a conflict stands. Needs the server now. */
  async choose(uid: string, conflict: number, choice: 'ours' | 'theirs', version: number): Promise<string> {
    try {
      const standing = await this.api.choose(uid, conflict, { choose: choice, version })
      await this.drafts.box.write(STANDING, (tx) => takeStanding(tx, uid, standing, this.me))
      return ''
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const standing = error.facts as unknown as Standing
      if (standing.answers) await this.drafts.box.write(STANDING, (tx) => takeStanding(tx, uid, standing, this.me))
      return error.message
    }
  }

  private sender() {
    return { device: this.me.device, sent_at: this.drafts.tools.now() }
  }

  private async draft(uid: string): Promise<Draft> {
    return this.drafts.box.read(['drafts'], (tx) => draftOf(tx, uid))
  }

  private async waiting(uid: string): Promise<Change[]> {
    const all = await this.drafts.box.read(['changes'], (tx) => tx.all<Change>('changes'))
    return all.filter((change) => change.uid === uid && !change.refused).sort((a, b) => a.seq - b.seq)
  }

  /** Write down how far a picture is. False when the person has taken it back meanwhile. */
  private mark(picture: Picture, news: Partial<Picture>): Promise<boolean> {
    return this.drafts.box.write(['pictures'], async (tx) => {
      const now = await tx.get<Picture>('pictures', picture.client_id)
      if (!now || now.removed) return false
      tx.put('pictures', picture.client_id, { ...now, ...news })
      return true
    })
  }

  /** All went well: what was said of an earlier try is over. */
  private settle(uid: string): Promise<void> {
    return this.drafts.box.write(['drafts'], async (tx) => {
      const draft = await draftOf(tx, uid)
      if (draft.problem && !LASTING.has(draft.problem.code)) tx.put('drafts', uid, { ...draft, problem: null } satisfies Draft)
    })
  }

  private problem(uid: string, problem: Problem, news: Partial<Draft> = {}): Promise<void> {
    return this.drafts.box.write(['drafts'], async (tx) => {
      const draft = (await tx.get<Draft>('drafts', uid)) ?? emptyDraft(uid)
      tx.put('drafts', uid, { ...draft, problem, ...news })
    })
  }
}

async function takeTold(tx: Tx, { requirements, editions }: Told): Promise<void> {
  for (const [key, row] of Object.entries(requirements)) tx.put('requirements', key, row)
  for (const [key, row] of Object.entries(editions)) tx.put('editions', key, row satisfies Edition)
  await Promise.resolve()
}

/** What the server says of a visit takes the place of what it said before. Exchanges never run side by side, so it is newer. */
async function takeVisit(tx: Tx, visit: Visit, me: Me): Promise<void> {
  const before = await tx.get<Visit>('visits', visit.uid)
  if (before) {
    await reopen(tx, before, visit)
    await sendAgain(tx, before, visit, me)
  }
  tx.put('visits', visit.uid, visit)
}

async function takeStanding(tx: Tx, uid: string, standing: Standing, me: Me): Promise<void> {
  const visit = await tx.get<Visit>('visits', uid)
  if (!visit) return
  await reopen(tx, visit, standing)
  await sendAgain(tx, visit, standing, me)
  const { version, state, answers, fields, photos, removed_photos, conflicts, clock_note } = standing
  tx.put('visits', uid, { ...visit, version, state, answers, fields, photos, removed_photos, conflicts, clock_note })
}

/** A cancelled visit was reopened: that it is cancelled is no longer said, and its start, which was refused, goes again. */
async function reopen(tx: Tx, before: Standing & { uid: string }, now: Standing): Promise<void> {
  if (now.state === 'cancelled') return
  const draft = await draftOf(tx, before.uid)
  const told = draft.problem?.code === 'cancelled'
  if (!told && (before.state !== 'cancelled' || !draft.start)) return
  const started = draft.started && now.state === 'submitted'
  tx.put('drafts', before.uid, { ...draft, problem: told ? null : draft.problem, started } satisfies Draft)
}

/** The server has less than it had (an older backup, say): what this phone had sent goes again. Versions never go down otherwise. */
async function sendAgain(tx: Tx, before: Standing & { uid: string }, now: Standing, me: Me): Promise<void> {
  if (now.state === 'submitted') return
  const { uid } = before
  for (const [id, answer] of Object.entries(before.answers)) {
    if (String(answer.by.id) !== me.person || (now.answers[id]?.version ?? 0) >= answer.version) continue
    await queueAgain(tx, uid, Number(id), answer, me)
  }
  const there = new Set([...now.photos.map((photo) => photo.client_id), ...now.removed_photos])
  for (const picture of await tx.all<Picture>('pictures'))
    if (picture.uid === uid && picture.kind === 'photo' && picture.state === 'tied' && !picture.removed && !there.has(picture.client_id))
      tx.put('pictures', picture.client_id, { ...picture, state: 'waiting', sent: 0 } satisfies Picture)
}

async function queueAgain(tx: Tx, uid: string, requirement: number, answer: Answer, me: Me): Promise<void> {
  const key = keyOf(uid, requirement)
  if (await tx.get<Change>('changes', key)) return
  const seq = ((await tx.get<number>('meta', 'seq')) ?? 0) + 1
  const { state, severity, note, place, building, version, at } = answer
  const value = { state, severity, note, place, building }
  tx.put('meta', 'seq', seq)
  tx.put('changes', key, { key, id: me.uuid(), uid, seq, at, kind: 'answer', requirement, field: '', base: version, value, refused: '' } satisfies Change)
}
