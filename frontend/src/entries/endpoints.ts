import '../warning/warning.scss'
import { startEndpoints } from '../warning/endpoints'

startEndpoints()
