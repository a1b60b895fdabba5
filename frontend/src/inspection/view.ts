/** What a visit looks like on this phone: the server's state with what is kept here laid over it. Pure. */
import type { Change, Conflict, Draft, Edition, FieldName, Line, Picture, Requirement, State, Value, Visit } from './types.ts'

export interface Kept {
  visits: Visit[]
  requirements: Map<number, Requirement>
  editions: Map<number, Edition>
  changes: Change[]
  pictures: Picture[]
  drafts: Map<string, Draft>
}

export type Where = 'none' | 'waiting' | 'here' | 'refused' | 'conflict'
export interface Item {
  line: Line
  requirement: Requirement
  value: Value | null
  base: number // the server's version that the value was made from
  where: Where
  refused: string
  photos: number
  conflict: Conflict | null
}
export type Chip = 'new' | 'device' | 'waiting' | 'sending' | 'server' | 'conflict' | 'refused' | 'queued' | 'handed' | 'cancelled'
export interface Seen {
  visit: Visit
  draft: Draft | null
  items: Item[]
  pictures: Picture[] // photos that wait here; not the removed ones
  waiting: number
  refused: number
  answered: number
  asked: number
  locked: boolean // handed in, or waits to be
}

export const EMPTY: Value = { state: 'unknown', severity: '', note: '', place: '', building: null }
export const keyOf = (uid: string, target: string | number): string => `${uid} ${target}`

const valueOnly = ({ state, severity, note, place, building }: Value): Value => ({ state, severity, note, place, building })

export function see(kept: Kept, visit: Visit): Seen {
  const changes = new Map(kept.changes.filter((change) => change.uid === visit.uid).map((change) => [change.key, change]))
  const draft = kept.drafts.get(visit.uid) ?? null
  const own = kept.pictures.filter((picture) => picture.uid === visit.uid)
  const pictures = own.filter((picture) => picture.kind === 'photo' && !picture.removed)
  const removed = new Set(own.filter((picture) => picture.removed).map((picture) => picture.client_id))
  const photos = new Map<number, Set<string>>()
  for (const photo of [...visit.photos, ...pictures]) {
    if (photo.requirement === null || removed.has(photo.client_id)) continue
    photos.set(photo.requirement, (photos.get(photo.requirement) ?? new Set()).add(photo.client_id))
  }
  const items: Item[] = []
  for (const line of visit.checklist) {
    const requirement = kept.requirements.get(line.requirement)
    if (!requirement) continue
    const change = changes.get(keyOf(visit.uid, requirement.id))
    const answer = visit.answers[String(requirement.id)]
    const conflict = visit.conflicts.find((one) => one.requirement === requirement.id) ?? null
    let where: Where = answer ? 'here' : 'none'
    if (conflict) where = 'conflict'
    if (change) where = change.refused ? 'refused' : 'waiting'
    items.push({
      line,
      requirement,
      value: change ? (change.value as Value) : answer ? valueOnly(answer) : null,
      base: change?.base ?? answer?.version ?? 0,
      where,
      refused: change?.refused ?? '',
      photos: photos.get(requirement.id)?.size ?? 0,
      conflict,
    })
  }
  const open = own.filter((picture) => picture.refused === '' && (picture.removed || picture.state !== 'tied'))
  const begun = draft?.start && !draft.started ? 1 : 0
  const toHandIn = draft?.finish && !draft.done ? 1 : 0
  const must = items.filter((item) => item.line.required)
  return {
    visit,
    draft,
    items,
    pictures,
    waiting: [...changes.values()].filter((change) => !change.refused).length + open.length + begun + toHandIn,
    refused: [...changes.values()].filter((change) => change.refused).length + own.filter((picture) => picture.refused).length,
    answered: must.filter((item) => item.value).length,
    asked: must.length,
    locked: visit.state === 'submitted' || Boolean(draft?.done ?? draft?.finish),
  }
}

/** The one word about where a visit's work is. */
export function chipOf(seen: Seen, sending: boolean): Chip {
  const { visit, draft } = seen
  if (seen.refused) return 'refused'
  if (visit.conflicts.length) return 'conflict'
  if (visit.state === 'cancelled') return 'cancelled'
  if (sending && seen.waiting) return 'sending'
  if (draft?.finish && !draft.done && visit.state !== 'submitted') return 'queued'
  if (draft?.start && !draft.started) return 'device'
  if (seen.waiting) return 'waiting'
  if (visit.state === 'submitted') return 'handed'
  return visit.state === 'under_way' ? 'server' : 'new'
}

/** The text of a field as it stands here. */
export function fieldOf(kept: Kept, visit: Visit, name: FieldName): string {
  const change = kept.changes.find((one) => one.key === keyOf(visit.uid, name))
  return change ? (change.value as { text: string }).text : (visit.fields[name]?.value ?? '')
}

/** The server's version that this text was made from. */
export function fieldBase(kept: Kept, visit: Visit, name: FieldName): number {
  const change = kept.changes.find((one) => one.key === keyOf(visit.uid, name))
  return change?.base ?? visit.fields[name]?.version ?? 0
}

export interface Lack {
  what: 'answer' | 'reason' | 'conflict' | 'signature' | 'refused' | 'other_person'
  requirement?: number
}

/** What stands in the way of the hand-in, as far as the phone can tell; the server has the last word. */
export function lacks(seen: Seen, signed: boolean, reason: string): Lack[] {
  const found: Lack[] = []
  for (const { line, requirement, value, photos, conflict, where } of seen.items) {
    const at = { requirement: requirement.id }
    if (line.required && !value) found.push({ what: 'answer', ...at })
    if (value?.state === 'unmet' && !value.note.trim() && !photos) found.push({ what: 'reason', ...at })
    if (value?.state === 'met' && line.finding?.mine) found.push({ what: 'other_person', ...at })
    if (conflict) found.push({ what: 'conflict', ...at })
    if (where === 'refused') found.push({ what: 'refused', ...at })
  }
  if (seen.visit.conflicts.some((conflict) => conflict.field)) found.push({ what: 'conflict' })
  if (!signed && !reason.trim()) found.push({ what: 'signature' })
  return found
}

export const count = (seen: Seen, state: State): number => seen.items.filter((item) => item.value?.state === state).length
