/** When to ask again what every page has to know, if no event says that something has changed. */

const SLOWLY_MS = 20_000
const FIRST_PAUSE_MS = 5_000
const LONGEST_PAUSE_MS = 60_000

export interface Looking {
  /** Failures in a row. */
  failures: number
  /** Whether events come. A page in the background lets its link rest: browsers allow only few to one server. */
  isLinked: boolean
  /** Whether this person may be called to something, and must hear it in the background too. */
  isCalled: boolean
}

/** In how many ms; null for: not before an event. */
export function nextLook({ failures, isLinked, isCalled }: Looking): number | null {
  if (failures) return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 10))
  return isCalled && !isLinked ? SLOWLY_MS : null
}
