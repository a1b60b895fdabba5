/** Makes the gallery's samples work. */
import { $ } from '../dom'
import { circle } from '../map/geometry'
import type { MapPoint } from '../map/types'
import { t } from '../i18n'
import { toast } from '../parts/toast'
import { sound } from '../sound'

$('[data-gallery="toast"]')?.addEventListener('click', () => toast(t('link.back'), 'success'))
$('[data-gallery="ring"]')?.addEventListener('click', () => sound.ring('gallery', 'exercise'))
$('[data-gallery="hush"]')?.addEventListener('click', () => sound.hush('gallery'))

const map = $<HTMLElementTagNameMap['tirek-map']>('tirek-map')
const source = document.getElementById('gallery-points')?.textContent
if (map && source) {
  void map.setPoints((JSON.parse(source) as { points: MapPoint[] }).points)
  void map.setShape(circle([57.2, 50.29], 2500), 'exercise')
  void map.setIncident({ lat: 50.29, lon: 57.2, mode: 'exercise', name: t('map.title') })
  void map.fit('shape')
}
