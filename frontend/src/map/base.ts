import { addProtocol } from 'maplibre-gl'
import { PMTiles, Protocol, TileType } from 'pmtiles'
import type { BaseMap } from './style'

let protocol: Protocol | undefined

/** Words of a credit line without its markup: it comes from a file. */
function words(html: unknown): string {
  return typeof html === 'string' ? (new DOMParser().parseFromString(html, 'text/html').body.textContent ?? '') : ''
}

/**
 * A base map: one PMTiles file, vector or raster, read by ranges from our own server. Null when it cannot be read: the map
 * then goes without, and says so on the console.
 */
export async function baseMap(address: string): Promise<BaseMap | null> {
  if (!protocol) {
    protocol = new Protocol()
    addProtocol('pmtiles', protocol.tile)
  }
  const url = new URL(address, location.href).href
  const file = new PMTiles(url)
  protocol.add(file)
  try {
    const header = await file.getHeader()
    const metadata = (await file.getMetadata()) as { attribution?: string; vector_layers?: { id: string }[] }
    const common = {
      tiles: [`pmtiles://${url}/{z}/{x}/{y}`],
      minzoom: header.minZoom,
      maxzoom: header.maxZoom,
      attribution: words(metadata.attribution),
    }
    if (header.tileType !== TileType.Mvt) return { source: { type: 'raster', tileSize: 256, ...common }, layers: null }
    return { source: { type: 'vector', ...common }, layers: (metadata.vector_layers ?? []).map((layer) => layer.id) }
  } catch (error) {
    console.warn('The base map cannot be read:', error)
    return null
  }
}
