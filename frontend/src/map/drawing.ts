/** All that draws the map, in one part of its own: it is large, and comes only where a page has a map. */
import 'maplibre-gl/dist/maplibre-gl.css'
import { setWorkerUrl } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'

setWorkerUrl(workerUrl)

export { Map, Marker, NavigationControl, Popup, ScaleControl } from 'maplibre-gl'
export { baseMap } from './base'
export { DrawTool } from './draw'
export { drawImages } from './icons'
export { mapStyle } from './style'
