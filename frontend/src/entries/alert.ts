import '../warning/warning.scss'
import { LivePage } from '../warning/live'

new LivePage().start()
