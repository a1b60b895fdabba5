/** What the person does, written to the phone first. Each act is one transaction: it is kept whole, or the promise fails. */
import type { Box, Store, Tx } from './box.ts'
import type { Change, Draft, Edition, FieldName, Picture, Place, Requirement, Value, Visit } from './types.ts'
import { keyOf, type Kept } from './view.ts'

export interface Tools {
  now: () => number
  uuid: () => string
}
export interface Shot {
  kind: 'photo' | 'signature'
  requirement: number | null
  place: Place | null
  type: string
  bytes: ArrayBuffer
  sha256: string
  thumb: ArrayBuffer | null
}

export const emptyDraft = (uid: string): Draft => ({
  uid,
  start: null,
  started: false,
  finish: null,
  signature: '',
  done: null,
  problem: null,
})

export const draftOf = async (tx: Tx, uid: string): Promise<Draft> =>
  (await tx.get<Draft>('drafts', uid)) ?? emptyDraft(uid)

export class Drafts {
  readonly box: Box
  readonly tools: Tools

  constructor(box: Box, tools: Tools) {
    this.box = box
    this.tools = tools
  }

  /** Everything but the bytes of pictures. */
  kept(): Promise<Kept> {
    return this.box.read(['visits', 'requirements', 'editions', 'changes', 'pictures', 'drafts'], async (tx) => {
      const [visits, requirements, editions, changes, pictures, drafts] = await Promise.all([
        tx.all<Visit>('visits'),
        tx.all<Requirement>('requirements'),
        tx.all<Edition>('editions'),
        tx.all<Change>('changes'),
        tx.all<Picture>('pictures'),
        tx.all<Draft>('drafts'),
      ])
      return {
        visits,
        requirements: new Map(requirements.map((row) => [row.id, row])),
        editions: new Map(editions.map((row) => [row.id, row])),
        changes,
        pictures,
        drafts: new Map(drafts.map((row) => [row.uid, row])),
      }
    })
  }

  bytes(number: string): Promise<ArrayBuffer | undefined> {
    return this.box.read(['bytes'], (tx) => tx.get<ArrayBuffer>('bytes', number))
  }

  meta<T>(key: string): Promise<T | undefined> {
    return this.box.read(['meta'], (tx) => tx.get<T>('meta', key))
  }

  /** The number of this installation. */
  device(): Promise<string> {
    return this.box.write(['meta'], async (tx) => {
      const known = await tx.get<string>('meta', 'device')
      if (known) return known
      const made = this.tools.uuid()
      tx.put('meta', 'device', made)
      return made
    })
  }

  begin(uid: string, place: Place | null): Promise<void> {
    return this.onDraft(uid, [], (draft, _tx, visit) => this.beginning(draft, visit, place))
  }

  /** `base`: the version of the server's answer that the person saw; without it, the one that is kept here. */
  answer(uid: string, requirement: number, value: Value, base?: number): Promise<void> {
    return this.change(uid, requirement, (visit) => ({
      kind: 'answer',
      requirement,
      field: '',
      base: base ?? visit?.answers[String(requirement)]?.version ?? 0,
      value,
    }))
  }

  field(uid: string, name: FieldName, text: string, base?: number): Promise<void> {
    return this.change(uid, name, (visit) => ({
      kind: 'field',
      requirement: null,
      field: name,
      base: base ?? visit?.fields[name]?.version ?? 0,
      value: { text },
    }))
  }

  /** Keep a photo or a signature. A new signature takes the place of the old one. */
  async picture(uid: string, shot: Shot): Promise<string> {
    const number = this.tools.uuid()
    await this.onDraft(uid, ['pictures', 'bytes'], async (draft, tx, visit) => {
      this.beginning(draft, visit, shot.place)
      const { bytes, ...rest } = shot
      const picture: Picture = {
        ...rest,
        client_id: number,
        uid,
        taken_at: this.tools.now(),
        size: bytes.byteLength,
        sent: 0,
        state: 'waiting',
        tried: false,
        removed: false,
        refused: '',
      }
      if (shot.kind === 'signature') {
        dropPicture(tx, draft.signature)
        draft.signature = number
      }
      tx.put('pictures', number, picture)
      tx.put('bytes', number, bytes)
      await Promise.resolve()
    })
    return number
  }

  /** Take a photo back: at once while the server has never heard of it, else as a change that waits. */
  remove(uid: string, number: string): Promise<void> {
    return this.onDraft(uid, ['pictures', 'bytes'], async (draft, tx) => {
      const picture = await tx.get<Picture>('pictures', number)
      if (draft.signature === number) draft.signature = ''
      if (picture && (!picture.tried || picture.kind === 'signature' || (picture.refused && picture.state === 'refused')))
        return dropPicture(tx, number)
      tx.delete('bytes', number)
      tx.put('pictures', number, { ...(picture ?? strange(uid, number)), removed: true, refused: '' } satisfies Picture)
    })
  }

  /** The person hands the visit in: it goes when everything before it has gone. */
  finish(uid: string, place: Place | null): Promise<void> {
    return this.onDraft(uid, [], (draft, _tx, visit) => {
      this.beginning(draft, visit, place)
      draft.finish = { at: this.tools.now(), place }
      draft.problem = null
    })
  }

  /** Take the hand-in back, while it waits. */
  unfinish(uid: string): Promise<void> {
    return this.onDraft(uid, [], (draft) => {
      if (!draft.done) draft.finish = null
    })
  }

  /** Drop a change that the server has refused; the server's answer shows again. */
  dropChange(uid: string, target: string | number): Promise<void> {
    return this.box.write(['changes'], async (tx) => tx.delete('changes', keyOf(uid, target)))
  }

  private beginning(draft: Draft, visit: Visit | undefined, place: Place | null): void {
    if (draft.start) {
      if (!draft.started && !draft.start.place) draft.start.place = place
      return
    }
    const begun = visit?.state === 'submitted' || visit?.state === 'cancelled'
    draft.start = { at: this.tools.now(), place, editions: visit?.editions ?? [] }
    draft.started = begun
  }

  private change(uid: string, target: string | number, made: (visit: Visit | undefined) => Partial<Change>): Promise<void> {
    return this.onDraft(uid, ['changes', 'meta'], async (draft, tx, visit) => {
      this.beginning(draft, visit, null)
      const key = keyOf(uid, target)
      const [before, last] = await Promise.all([tx.get<Change>('changes', key), tx.get<number>('meta', 'seq')])
      const seq = (last ?? 0) + 1
      const change = { ...made(visit), key, id: this.tools.uuid(), uid, seq, at: this.tools.now(), refused: '' } as Change
      // What is kept here was made over an older answer of the server's, and hides a newer one from the person.
      if (before) change.base = Math.min(before.base, change.base)
      tx.put('meta', 'seq', seq)
      tx.put('changes', key, change)
    })
  }

  private onDraft(
    uid: string,
    more: Store[],
    act: (draft: Draft, tx: Tx, visit: Visit | undefined) => void | Promise<void>,
  ): Promise<void> {
    return this.box.write(['drafts', 'visits', ...more], async (tx) => {
      const [draft, visit] = await Promise.all([draftOf(tx, uid), tx.get<Visit>('visits', uid)])
      await act(draft, tx, visit)
      tx.put('drafts', uid, draft)
    })
  }
}

export function dropPicture(tx: Tx, number: string): void {
  if (!number) return
  tx.delete('pictures', number)
  tx.delete('bytes', number)
}

/** A photo of mine that this phone did not take, or forgot after the hand-in. */
const strange = (uid: string, number: string): Picture => ({
  client_id: number,
  uid,
  kind: 'photo',
  requirement: null,
  taken_at: 0,
  place: null,
  type: '',
  size: 0,
  sha256: '',
  thumb: null,
  sent: 0,
  state: 'tied',
  tried: true,
  removed: true,
  refused: '',
})
