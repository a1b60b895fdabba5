/** Requests of scripts to our own server. */

/** Says that the page asks by itself: such requests do not count as acts of the person (accounts.middleware). */
export const BACKGROUND = { 'X-Tirek-Background': '1' } as const

export const csrf = (): string => document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? ''

/** The server's refusal of an act, in words for people. */
export class Refused extends Error {}

/** An answer that is not well. */
export class BadAnswer extends Error {
  readonly status: number

  constructor(address: string, status: number) {
    super(`${address}: ${status}`)
    this.status = status
  }
}

/** Read JSON, in the background. Throws `BadAnswer` on any answer that is not well. */
export async function getJson<T>(address: string): Promise<T> {
  const answer = await fetch(address, { headers: { Accept: 'application/json', ...BACKGROUND } })
  if (!answer.ok) throw new BadAnswer(address, answer.status)
  return (await answer.json()) as T
}

/** Do an act. Throws `Refused` with the server's sentence when it answers 409. */
export async function post(address: string, fields: Record<string, string> = {}): Promise<Response> {
  const answer = await fetch(address, {
    method: 'POST',
    headers: { 'X-CSRFToken': csrf(), Accept: 'application/json' },
    body: new URLSearchParams(fields),
  })
  if (answer.status === 409) throw new Refused(await answer.text())
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`)
  return answer
}
