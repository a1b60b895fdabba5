import '../styles/main.scss'
import { TirekMap } from '../map/element'
import { startDialogs, startMenus } from '../parts/dialogs'
import { startFilters } from '../parts/filters'
import { startKeys } from '../parts/keys'
import { TirekLink } from '../parts/link'
import { showHere, startNav } from '../parts/nav'
import { startRequests } from '../parts/requests'
import { startSearch } from '../parts/search'
import { startSoundBand } from '../parts/sound-band'
import { TirekSound } from '../parts/sound-pill'
import { startTabs } from '../parts/tabs'
import { startTheme } from '../parts/theme'
import { startTimes } from '../parts/time'
import { startToasts } from '../parts/toast'
import { startEverywhere } from '../warning/everywhere'

startRequests()
startNav()
showHere()
startToasts()
startDialogs()
startMenus()
startKeys()
startSearch()
startTabs()
startFilters()
startTheme()
startTimes()
startSoundBand()
customElements.define('tirek-link', TirekLink)
customElements.define('tirek-map', TirekMap)
customElements.define('tirek-sound', TirekSound)
startEverywhere()
