/** The board of flash-points and the page of a district. */
import '../register/register.scss'
import '../flashpoints/flashpoints.scss'
import { $$ } from '../dom'
import { Board, showClusters } from '../flashpoints/board'
import type { TirekMap } from '../map/element'

for (const element of $$('[data-board]')) new Board(element).start()

for (const map of $$<TirekMap>('tirek-map')) showClusters(map)

