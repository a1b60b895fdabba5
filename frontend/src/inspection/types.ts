/** What the server says and what the phone keeps (docs/inspections-device.md). Moments are milliseconds by the phone's clock. */

export type Words = Partial<Record<'kk' | 'ru' | 'en', string>>
export type State = 'met' | 'unmet' | 'na' | 'unknown'
export type Severity = 'minor' | 'serious' | 'critical'
export type FieldName = 'note' | 'representative' | 'representative_position' | 'signature_refused'

export interface Somebody {
  id: number
  name: string
}
export interface Requirement {
  id: number
  paragraph: string
  edition: number
  order: number
  section: Words
  text: Words
  hint: Words
  point: string
  point_name: Words
  mandatory: boolean
  severity: Severity
  verify: 'look' | 'document' | 'test' | 'live'
  evidence: string[]
}
export interface Edition {
  id: number
  label: string
  state: string
  standard: Words
  instrument: Words
}
export interface Value {
  state: State
  severity: Severity | ''
  note: string
  place: string
  building: number | null
}
export interface Answer extends Value {
  version: number
  at: number
  by: Somebody
}
export interface Side extends Partial<Value> {
  text?: string
  by?: Somebody
  at?: number
  version?: number
}
export interface Conflict {
  id: number
  requirement: number | null
  field: FieldName | ''
  ours: Side
  theirs: Side
  late: boolean
}
export interface Photo {
  client_id: string
  requirement: number | null
  thumbnail: string
  url: string
  taken_at: number
  caption: string
  by: Somebody
  mine: boolean
}
export interface Line {
  requirement: number
  live: { state: string; since: number | null; text: Words } | null
  previous: { state: string; since: number | null; note: string } | null
  finding: { id: number; text: string; severity: string; place: string; found_on: string; found_by: string; mine: boolean } | null
  required: boolean
}
export interface Facility {
  id: number
  code: string
  name: Words
  type: Words
  category: number | null
  address: Words
  place: Words
  lat: number | null
  lon: number | null
  phone: string
  notes: string
  opening: (number[] | null)[] | null
  contacts: { name: string; position: string; phone: string; hours: string }[]
  buildings: { id: number; name: string }[]
}
/** What a sync tells of a visit. */
export interface Standing {
  version: number
  state: 'assigned' | 'under_way' | 'submitted' | 'cancelled'
  answers: Record<string, Answer>
  fields: Record<FieldName, { value: string; version: number }>
  photos: Photo[]
  removed_photos: string[]
  conflicts: Conflict[]
  clock_note: string
}
export interface Visit extends Standing {
  uid: string
  url: string
  kind: string
  kind_name: string
  state_reason: string
  reason: string
  planned_on: string | null
  planned_at: string | null
  planned_order: number | null
  started_at: number | null
  submitted_at: number | null
  round: { name: string } | null
  inspector: Somebody | null
  companions: Somebody[]
  facility: Facility
  editions: number[]
  edition_note: string
  checklist: Line[]
  signed: boolean
}
export interface Told {
  server_time?: number
  requirements: Record<string, Requirement>
  editions: Record<string, Edition>
}
export interface Everything extends Told {
  person: Somebody
  left_off: number
  visits: Visit[]
}
export interface Outcome {
  outcome: 'applied' | 'same' | 'older' | 'conflict' | 'refused'
  detail?: string
  flags?: string[]
}
export interface Missing {
  what: string
  text: string
  requirement?: number | null
  photo?: string
  conflict?: number
}
export interface HandedIn {
  submitted_at: number
  findings: { id: number; requirement: number; severity: string; state: string }[]
  fixed: number[]
}

// --- What the phone keeps ----------------------------------------------------------------------------------------------

/** One change that the server has not judged yet, or has refused. There is at most one for each answer and field. */
export interface Change {
  key: string // uid + target: a later change takes the place of an earlier one
  id: string
  uid: string
  seq: number
  at: number
  kind: 'answer' | 'field'
  requirement: number | null
  field: FieldName | ''
  base: number
  value: Value | { text: string }
  refused: string // the server's sentence; empty while it waits
}
/** A photo or a signature. Its bytes stand beside it under the same number until the visit was handed in. */
export interface Picture {
  client_id: string
  uid: string
  kind: 'photo' | 'signature'
  requirement: number | null
  taken_at: number
  place: Place | null
  type: string
  size: number
  sha256: string
  thumb: ArrayBuffer | null
  sent: number // bytes that the server has confirmed
  state: 'waiting' | 'here' | 'tied' | 'refused' // here: all bytes are on the server; tied: it belongs to the visit
  tried: boolean
  removed: boolean
  refused: string
}
export interface Place {
  lat: number
  lon: number
  accuracy: number
}
/** What the phone knows of its work on a visit. */
export interface Draft {
  uid: string
  start: { at: number; place: Place | null; editions: number[] } | null
  started: boolean // the server has taken the start in
  finish: { at: number; place: Place | null } | null // handed in by the person; waits for the server
  signature: string
  done: HandedIn | null
  problem: Problem | null
}
export interface Problem {
  code: string
  text: string
  missing: Missing[]
}
