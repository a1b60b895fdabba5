import '../warning/warning.scss'
import { $ } from '../dom'
import { Compose } from '../warning/compose'

const form = $<HTMLFormElement>('#compose')
if (form) new Compose(form).start()
