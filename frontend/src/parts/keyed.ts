export interface Line {
  key: string
  /** All that it says: while this is the same, it is not drawn anew. */
  says: string
  draw(): Element
}

type Box = Pick<Element, 'firstElementChild' | 'insertBefore'>

/** Lines of a live region by their keys. What has not changed stays untouched, with its focus; a screen reader hears what is new. */
export class Keyed {
  private drawn = new Map<string, { says: string; element: Element }>()
  private readonly box: Box

  constructor(box: Box) {
    this.box = box
  }

  show(lines: Line[]): void {
    const now = new Map<string, { says: string; element: Element }>()
    for (const { key, says, draw } of lines) {
      const before = this.drawn.get(key)
      now.set(key, before?.says === says ? before : { says, element: draw() })
    }
    for (const [key, { element }] of this.drawn) if (now.get(key)?.element !== element) element.remove()
    this.drawn = now
    // An element that is moved loses its focus: only those are put in that do not stand there.
    let at = this.box.firstElementChild
    for (const { element } of now.values())
      if (element === at) at = at.nextElementSibling
      else this.box.insertBefore(element, at)
  }
}
