/** Registers with a map beside the table: each filters the other. */
import '../register/register.scss'
import { $$ } from '../dom'
import type { TirekMap } from '../map/element'
import { Bulk } from '../register/bulk'
import { placeFields } from '../register/place-fields'
import { Register } from '../register/register'

for (const element of $$('[data-register]')) new Register(element).start()

for (const form of $$<HTMLFormElement>('form[data-bulk]')) new Bulk(form).start()

// A map of one record's surroundings starts at the record.
for (const map of $$<TirekMap>('tirek-map[data-chosen]'))
  map.addEventListener('ready', () => void map.choose(Number(map.dataset['chosen']), true))

for (const box of $$('[data-place-fields]')) placeFields(box)
