/** Pages of incidents: the map of one, and the form that writes one down. */
import '../incidents/incidents.scss'
import { $, $$ } from '../dom'
import { IncidentForm } from '../incidents/form'
import { showPlace } from '../incidents/place'
import type { TirekMap } from '../map/element'

for (const form of $$<HTMLFormElement>('form[data-incident-form]')) new IncidentForm(form).start()

const map = $<TirekMap>('#incident-map')
if (map) showPlace(map)
