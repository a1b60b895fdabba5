/** Requests to the server, with its answers sorted by what the phone has to do about them. */
import type { Everything, HandedIn, Missing, Outcome, Photo, Standing, Told, Visit } from './types.ts'

type Json = Record<string, unknown>

/** No answer, or one that means "later". */
export class Later extends Error {}
/** The session has ended. Everything is kept until the person has signed in again. */
export class SignedOut extends Error {
  readonly login: string
  constructor(message: string, login: string) {
    super(message)
    this.login = login
  }
}
/** Another person is signed in on this phone. */
export class OtherPerson extends Error {}
/** The server said no, with a sentence for people. */
export class Refusal extends Error {
  readonly status: number
  readonly code: string
  readonly facts: Json
  constructor(message: string, status: number, code: string, facts: Json) {
    super(message)
    this.status = status
    this.code = code
    this.facts = facts
  }
  get missing(): Missing[] {
    return (this.facts['missing'] as Missing[] | undefined) ?? []
  }
}

export interface Api {
  visits(etag: string): Promise<{ etag: string; told: Everything } | null>
  start(uid: string, body: Json): Promise<Told & { visit: Visit }>
  sync(uid: string, body: Json): Promise<Standing & { outcomes: Record<string, Outcome> }>
  choose(uid: string, conflict: number, body: Json): Promise<Standing>
  photo(uid: string, body: Json): Promise<{ photo: Photo | null; removed?: boolean }>
  unphoto(uid: string, photo: string): Promise<Standing>
  submit(uid: string, body: Json): Promise<HandedIn & Told & { visit: Visit }>
  announce(body: Json): Promise<Uploaded>
  piece(upload: number, offset: number, bytes: ArrayBuffer): Promise<Uploaded>
}
export interface Uploaded {
  id: number
  offset: number
  error?: string
  file?: { id: number }
  again?: boolean // go on at `offset`
}

interface Options {
  base: string
  uploads: string
  person: string
  /** Whether the person has just done something: then the request counts as theirs and keeps the session alive. */
  busy: () => boolean
}

const PATIENCE_MS = 30_000
const PIECE_PATIENCE_MS = 90_000

export function cookie(name: string): string {
  const found = document.cookie.split('; ').find((part) => part.startsWith(`${name}=`))
  return found ? decodeURIComponent(found.slice(name.length + 1)) : ''
}

export function serverApi(options: Options): Api {
  const ask = async (address: string, init: RequestInit, patience: number): Promise<Response> => {
    const headers: Record<string, string> = {
      Accept: 'application/json',
      'X-Tirek-Person': options.person,
      ...(init.method ? { 'X-CSRFToken': cookie('csrftoken') } : {}),
      ...(options.busy() ? {} : { 'X-Tirek-Background': '1' }),
      ...(init.headers as Record<string, string> | undefined),
    }
    try {
      return await fetch(address, { ...init, headers, redirect: 'error', signal: AbortSignal.timeout(patience) })
    } catch (error) {
      throw new Later(String(error))
    }
  }

  const read = async (answer: Response): Promise<Json> => {
    let told: Json
    try {
      told = (await answer.json()) as Json
    } catch {
      if (answer.status === 403) throw new Refusal('', 403, 'forbidden', {})
      throw new Later(`${answer.status}`) // a page instead of JSON: a captive portal, a proxy, a server that starts
    }
    if (answer.ok) return told
    const text = typeof told['error'] === 'string' ? told['error'] : ''
    const code = typeof told['code'] === 'string' ? told['code'] : ''
    if (answer.status === 401) throw new SignedOut(text, String(told['login'] ?? ''))
    if (code === 'other_person') throw new OtherPerson(text)
    if (answer.status >= 500 || answer.status === 429) throw new Later(text || String(answer.status))
    throw new Refusal(text, answer.status, code, told)
  }

  const post = async <T>(address: string, body: Json): Promise<T> => {
    const init = { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }
    let answer = await ask(address, init, PATIENCE_MS)
    // An old token, from before the person signed in again: the cookie has the new one by now.
    if (answer.status === 403) answer = await ask(address, init, PATIENCE_MS)
    return (await read(answer)) as T
  }

  const at = (uid: string, rest: string) => `${options.base}${uid}/${rest}`

  return {
    async visits(etag) {
      const answer = await ask(`${options.base}visits.json`, etag ? { headers: { 'If-None-Match': etag } } : {}, PATIENCE_MS)
      if (answer.status === 304) return null
      const told = (await read(answer)) as unknown as Everything
      return { etag: answer.headers.get('ETag') ?? '', told }
    },
    start: (uid, body) => post(at(uid, 'start/'), body),
    sync: (uid, body) => post(at(uid, 'sync/'), body),
    choose: (uid, conflict, body) => post(at(uid, `conflicts/${conflict}/`), body),
    photo: (uid, body) => post(at(uid, 'photos/'), body),
    unphoto: (uid, photo) => post(at(uid, `photos/${photo}/remove/`), {}),
    submit: (uid, body) => post(at(uid, 'submit/'), body),
    announce: (body) => post(options.uploads, body),
    async piece(upload, offset, bytes) {
      const headers = { 'Upload-Offset': String(offset), 'Content-Type': 'application/octet-stream' }
      const answer = await ask(`${options.uploads}${upload}/`, { method: 'PATCH', body: bytes, headers }, PIECE_PATIENCE_MS)
      if (answer.status === 409) return { ...((await answer.json()) as Uploaded), again: true }
      return (await read(answer)) as unknown as Uploaded
    },
  }
}
