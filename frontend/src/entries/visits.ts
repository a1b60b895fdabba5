/** Pages of inspections at the desk: the map of a visit or of a day, and the printed sheet. */
import '../visits/visits.scss'
import { $, $$ } from '../dom'
import type { TirekMap } from '../map/element'
import { showVisits } from '../visits/map'

for (const button of $$('[data-print]')) button.addEventListener('click', () => window.print())

const map = $<TirekMap>('#visit-map, #day-map')
if (map) showVisits(map)
