/** The duty desk, and the page with the simulated panic button. */
import '../desk/desk.scss'
import { $ } from '../dom'
import { Desk } from '../desk/desk'

const main = $('main.duty')
if (main) new Desk(main).start()
