/**
 * Whose drafts this phone may show now. The server writes a cookie when somebody signs in or out (accounts.device_cookie); it is
 * all that is known without a network. The kept shell is no witness: it may have been kept for the person before.
 */
export const SIGNED_IN = 'tirek_person'
const NOBODY = '0'

/** The person whose drafts open; "" for nobody. Without a cookie (it was cleared, or never set) the one that the shell was made for. */
export const whose = (shell: string, cookie: string): string => (cookie === NOBODY ? '' : cookie || shell)

/** Whether the drafts of `person` are locked, and why: somebody else has signed in here, or they have signed out. */
export function lockOf(person: string, cookie: string): 'other' | 'out' | null {
  const now = whose(person, cookie)
  return now === person ? null : now ? 'other' : 'out'
}
