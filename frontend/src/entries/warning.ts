// Pages of warning that need its look and a way to listen.
import '../warning/warning.scss'
import { startListening } from '../warning/listen'

startListening()
