"""SIA DCS event codes (SIA DC-03/DC-04 annex A).

Most codes are systematic: a first letter for the family (P panic, F fire, ...), a second one for what happened to
it (A alarm, T trouble, ...). Those are composed here; the rest stand as rows.
"""

from .codes import Code, read_rows

# family letter | kind of its alarm | en | ru | kk
_FAMILIES = """
B|burglary|Burglary|Проникновение|Бұзып кіру
F|fire|Fire|Пожар|Өрт
G|fire|Gas|Газ|Газ
H|holdup|Hold-up|Нападение|Шабуыл
K|fire|Heat|Перегрев|Қызып кету
M|medical|Medical|Медицинская помощь|Медициналық көмек
P|panic|Panic button|Тревожная кнопка|Дабыл түймесі
Q|panic|Emergency call|Экстренный вызов|Шұғыл шақыру
S|fire|Sprinkler|Спринклер|Спринклер
T|tamper|Tamper|Вскрытие прибора|Құрылғыны ашу
U|burglary|Untyped zone|Зона без типа|Түрі көрсетілмеген аймақ
W|trouble|Water|Протечка воды|Су ағуы
Z|trouble|Freeze|Низкая температура|Төмен температура
"""

# second letter | kind, "=" for the family's own | en | ru | kk
_CONDITIONS = """
A|=|alarm|тревога|дабыл
B|bypass|bypassed|зона отключена|аймақ ажыратылды
H|restore/=|alarm restored|тревога снята|дабыл тоқтады
J|restore/trouble|trouble restored|неисправность устранена|ақау жойылды
R|restore/=|restored|восстановлено|қалпына келді
S|trouble|supervisory signal|контрольный сигнал|бақылау сигналы
T|trouble|trouble|неисправность|ақау
U|restore/bypass|bypass removed|зона включена|аймақ қосылды
"""

_ROWS = """
AA|tamper|device|Panel was substituted|Подмена прибора|Құрылғы ауыстырылды
AB|other|zone|Alarm was aborted|Тревога отменена|Дабыл тоқтатылды
AN|restore/trouble|zone|Analog sensor restored|Аналоговый датчик восстановлен|Аналогтық датчик қалпына келді
AR|restore/trouble||Mains power restored|Сетевое питание восстановлено|Желілік қуат қалпына келді
AS|trouble|zone|Analog sensor needs service|Датчик требует обслуживания|Датчикке қызмет көрсету керек
AT|trouble||Mains power lost|Нет сетевого питания|Желілік қуат жоқ
BC|other|user|Burglary alarm cancelled|Тревога проникновения отменена|Бұзып кіру дабылы тоқтатылды
BD|trouble|zone|Repeating zone trouble|Повторная неисправность зоны|Аймақтың қайталанған ақауы
BE|restore/trouble|zone|Repeating zone trouble restored|Повторная неисправность устранена|Қайталанған ақау жойылды
BG|other|zone|Burglary not verified|Проникновение не подтверждено|Бұзып кіру расталмады
BM|burglary|zone|Burglary, crossed zones|Проникновение, две зоны|Бұзып кіру, екі аймақ
BV|burglary|area|Burglary verified|Проникновение подтверждено|Бұзып кіру расталды
BX|test|zone|Burglary test|Проверка охранной зоны|Күзет аймағын тексеру
BZ|trouble|zone|Sensor is missing|Датчик не отвечает|Датчик жауап бермейді
CA|open_close|area|Armed automatically|Автоматически взято под охрану|Автоматты түрде күзетке қойылды
CD|open_close|area|Not armed for too long|Давно не под охраной|Ұзақ уақыт күзетке қойылмаған
CE|open_close|user|Closing time extended|Время постановки продлено|Күзетке қою уақыты ұзартылды
CF|open_close|user|Armed by force|Взято под охрану принудительно|Мәжбүрлі түрде күзетке қойылды
CG|open_close|user|Area armed|Раздел взят под охрану|Бөлім күзетке қойылды
CI|open_close|area|Not armed in time|Не взято под охрану в срок|Мерзімінде күзетке қойылмады
CJ|open_close|area|Armed late|Взято под охрану поздно|Кеш күзетке қойылды
CK|open_close|user|Armed early|Взято под охрану рано|Ерте күзетке қойылды
CL|open_close|user|Armed|Взято под охрану|Күзетке қойылды
CM|trouble|zone|Sensor missing after arming|Датчик пропал после постановки|Күзетке қойғаннан кейін датчик жоғалды
CO|other|device|Command sent to a device|Команда передана устройству|Құрылғыға бұйрық жіберілді
CP|open_close|user|Armed automatically|Автоматически взято под охрану|Автоматты түрде күзетке қойылды
CQ|open_close|user|Armed remotely|Взято под охрану удалённо|Қашықтан күзетке қойылды
CR|open_close|user|Alarm right after arming|Тревога сразу после постановки|Күзетке қойысымен дабыл
CS|open_close|zone|Armed by key switch|Взято под охрану ключом|Кілтпен күзетке қойылды
CT|open_close|area|Not disarmed in time|Не снято с охраны в срок|Мерзімінде күзеттен алынбады
CW|open_close|area|Was armed by force|Было взято принудительно|Мәжбүрлі күзетке қойылған
CX|other|device|Custom function ran|Выполнена заданная функция|Берілген функция орындалды
CZ|open_close|zone|Point armed|Точка взята под охрану|Нүкте күзетке қойылды
DA|other|user|Card assigned|Карта выдана|Карта берілді
DB|other|user|Card deleted|Карта удалена|Карта жойылды
DC|other|door|Access closed|Доступ закрыт|Кіру жабылды
DD|other|door|Access denied, unknown code|Отказ в доступе, код неизвестен|Кіруге рұқсат жоқ, код белгісіз
DE|other|door|Request to enter|Запрос на вход|Кіруге сұрау
DF|burglary|door|Door forced|Дверь взломана|Есік бұзылды
DG|other|door|Access granted|Доступ разрешён|Кіруге рұқсат берілді
DH|restore/trouble|door|Door closed again|Дверь снова закрыта|Есік қайта жабылды
DI|other|door|Access denied, no exit seen|Отказ: не было выхода|Рұқсат жоқ: шығу тіркелмеген
DJ|trouble|door|Door forced while disarmed|Дверь взломана вне охраны|Күзетсіз есік бұзылды
DK|other|door|Access denied, known code|Отказ в доступе, код известен|Кіруге рұқсат жоқ, код белгілі
DL|burglary|door|Door left open while armed|Дверь не закрыта под охраной|Күзетте есік ашық қалды
DM|trouble|door|Door left open|Дверь не закрыта|Есік ашық қалды
DN|other|door|Door still open|Дверь ещё открыта|Есік әлі ашық
DO|other|door|Access open|Доступ открыт|Кіру ашық
DP|other|door|Access denied, wrong time|Отказ: не то время|Рұқсат жоқ: уақыты емес
DQ|other|door|Access denied while armed|Отказ: под охраной|Рұқсат жоқ: күзетте
DR|restore/burglary|door|Door restored|Дверь в норме|Есік қалпына келді
DS|other|door|Door station|Дверная станция|Есік станциясы
DT|trouble||Access system trouble|Неисправность системы доступа|Кіру жүйесінің ақауы
DU|other|device|Dealer number|Номер установщика|Орнатушы нөмірі
DV|other|door|Access denied, wrong level|Отказ: не тот уровень|Рұқсат жоқ: деңгейі сәйкес емес
DW|other|door|Access denied, interlock open|Отказ: открыт шлюз|Рұқсат жоқ: шлюз ашық
DX|other|door|Request to exit|Запрос на выход|Шығуға сұрау
DY|other|door|Door locked|Дверь заперта|Есік құлыптаулы
DZ|other|door|Access denied, door secured|Отказ: дверь закрыта|Рұқсат жоқ: есік жабық
EA|burglary|zone|Exit alarm|Тревога на выходе|Шығудағы дабыл
EE|open_close|user|Exit error|Ошибка выхода|Шығу қатесі
EJ|restore/tamper|device|Module tamper restored|Вскрытие модуля устранено|Модуль жабылды
EM|trouble|device|Module is missing|Модуль не отвечает|Модуль жауап бермейді
EN|restore/trouble|device|Module is back|Модуль снова на связи|Модульмен байланыс қалпына келді
ER|restore/trouble|device|Module restored|Модуль восстановлен|Модуль қалпына келді
ES|tamper|device|Module tamper|Вскрытие модуля|Модуль ашылды
ET|trouble|device|Module trouble|Неисправность модуля|Модуль ақауы
EX|other|device|External device condition|Состояние внешнего устройства|Сыртқы құрылғы күйі
EZ|trouble|zone|Sensor missing on exit|Датчик пропал при выходе|Шығу кезінде датчик жоғалды
FC|other|zone|Fire alarm cancelled|Пожарная тревога отменена|Өрт дабылы тоқтатылды
FG|other|zone|Fire not verified|Пожар не подтверждён|Өрт расталмады
FI|test|area|Fire test began|Начата пожарная проверка|Өрт сынағы басталды
FK|test|area|Fire test ended|Завершена пожарная проверка|Өрт сынағы аяқталды
FL|other|zone|Fire sounder silenced|Пожарный оповещатель отключён|Өрт дабылдатқышы өшірілді
FM|fire|zone|Fire, crossed zones|Пожар, две зоны|Өрт, екі аймақ
FQ|restore/trouble|zone|Fire supervisory trouble restored|Контроль пожара восстановлен|Өрт бақылауы қалпына келді
FV|restore/trouble|zone|Fire supervision restored|Пожарный надзор восстановлен|Өрт қадағалауы қалпына келді
FW|trouble|zone|Fire supervisory trouble|Неисправность пожарного надзора|Өрт қадағалауының ақауы
FX|test|zone|Fire test|Проверка пожарной зоны|Өрт аймағын тексеру
FY|trouble|zone|Fire sensor is missing|Пожарный датчик не отвечает|Өрт датчигі жауап бермейді
FZ|trouble|zone|Fire supervision is missing|Нет пожарного надзора|Өрт қадағалауы жоқ
GX|test|zone|Gas test|Проверка газовой зоны|Газ аймағын тексеру
IA|trouble|device|Equipment failure|Отказ оборудования|Жабдық істен шықты
IR|restore/trouble|device|Equipment restored|Оборудование восстановлено|Жабдық қалпына келді
JA|tamper|area|Wrong codes entered|Подбор кода|Код таңдау әрекеті
JD|other|user|Date changed|Дата изменена|Күні өзгертілді
JH|other|user|Holidays changed|Праздники изменены|Мереке күндері өзгертілді
JK|other|user|Expected user did not come|Ожидаемый человек не пришёл|Күткен адам келмеді
JL|other||Log nearly full|Журнал почти заполнен|Журнал толуға жақын
JO|other||Log overflow|Журнал переполнен|Журнал толып кетті
JP|other|user|User on premises|Пользователь на объекте|Пайдаланушы нысанда
JR|other|area|Schedule ran|Расписание выполнено|Кесте орындалды
JS|other|user|Schedule changed|Расписание изменено|Кесте өзгертілді
JT|other|user|Time changed|Время изменено|Уақыт өзгертілді
JV|other|user|User code changed|Код пользователя изменён|Пайдаланушы коды өзгертілді
JX|other|user|User code deleted|Код пользователя удалён|Пайдаланушы коды жойылды
JY|other|user|User code added|Код пользователя добавлен|Пайдаланушы коды қосылды
JZ|other|user|User level set|Уровень пользователя задан|Пайдаланушы деңгейі берілді
LB|other||Local programming began|Начата настройка на месте|Жергілікті баптау басталды
LD|other||Local programming denied|Настройка на месте запрещена|Жергілікті баптауға тыйым
LE|other||Listen-in ended|Прослушивание завершено|Тыңдау аяқталды
LF|other||Listen-in began|Прослушивание начато|Тыңдау басталды
LR|restore/trouble|line|Phone line restored|Телефонная линия восстановлена|Телефон желісі қалпына келді
LS|other||Local programming done|Настройка на месте выполнена|Жергілікті баптау орындалды
LT|trouble|line|Phone line trouble|Неисправность телефонной линии|Телефон желісінің ақауы
LU|other||Local programming failed|Настройка на месте не удалась|Жергілікті баптау сәтсіз
LX|other||Local programming ended|Настройка на месте завершена|Жергілікті баптау аяқталды
MI|other|device|Message|Сообщение|Хабарлама
NA|trouble|zone|No activity|Нет активности|Белсенділік жоқ
NC|other|device|Network condition|Состояние сети|Желі күйі
NF|open_close|area|Perimeter armed by force|Периметр взят принудительно|Периметр мәжбүрлі күзетке қойылды
NL|open_close|area|Perimeter armed|Периметр взят под охрану|Периметр күзетке қойылды
NM|open_close|area|Perimeter armed, user's choice|Периметр взят по выбору|Периметр таңдау бойынша күзетте
NR|restore/trouble|device|Network restored|Сеть восстановлена|Желі қалпына келді
NS|restore/trouble|zone|Activity resumed|Активность возобновлена|Белсенділік қайта басталды
NT|trouble|device|Network failure|Отказ сети|Желі істен шықты
OA|open_close|area|Disarmed automatically|Автоматически снято с охраны|Автоматты түрде күзеттен алынды
OC|other|user|Alarm cancelled|Тревога отменена|Дабыл тоқтатылды
OG|open_close|area|Area disarmed|Раздел снят с охраны|Бөлім күзеттен алынды
OH|open_close|user|Disarmed early after an alarm|Рано снято после тревоги|Дабылдан кейін ерте күзеттен алынды
OI|open_close|area|Not disarmed|Не снято с охраны|Күзеттен алынбады
OJ|open_close|user|Disarmed late|Снято с охраны поздно|Кеш күзеттен алынды
OK|open_close|user|Disarmed early|Снято с охраны рано|Ерте күзеттен алынды
OL|open_close|user|Disarmed late after an alarm|Поздно снято после тревоги|Дабылдан кейін кеш күзеттен алынды
OP|open_close|user|Disarmed|Снято с охраны|Күзеттен алынды
OQ|open_close|user|Disarmed remotely|Снято с охраны удалённо|Қашықтан күзеттен алынды
OR|open_close|user|Disarmed after an alarm|Снято с охраны после тревоги|Дабылдан кейін күзеттен алынды
OS|open_close|zone|Disarmed by key switch|Снято с охраны ключом|Кілтпен күзеттен алынды
OT|open_close|user|Late to arm|Опоздание с постановкой|Күзетке қою кешікті
OU|trouble|device|Output trouble|Неисправность выхода|Шығыс ақауы
OV|restore/trouble|device|Output restored|Выход восстановлен|Шығыс қалпына келді
OZ|open_close|zone|Point disarmed|Точка снята с охраны|Нүкте күзеттен алынды
RA|trouble||Remote programming call failed|Сбой вызова удалённой настройки|Қашықтан баптау шақыруы сәтсіз
RB|other||Remote programming began|Начата удалённая настройка|Қашықтан баптау басталды
RC|other|device|Relay closed|Реле замкнуто|Реле тұйықталды
RD|other||Remote programming denied|Удалённая настройка запрещена|Қашықтан баптауға тыйым
RN|other||Remote reset|Удалённый сброс|Қашықтан қалпына келтіру
RO|other|device|Relay opened|Реле разомкнуто|Реле ажыратылды
RP|supervision||Automatic test|Автоматический тест|Автоматты тест
RR|restore/trouble||Power is up|Питание включено|Қуат қосылды
RS|other||Remote programming done|Удалённая настройка выполнена|Қашықтан баптау орындалды
RT|trouble|line|Data lost|Данные потеряны|Деректер жоғалды
RU|trouble||Remote programming failed|Удалённая настройка не удалась|Қашықтан баптау сәтсіз
RX|test|user|Manual test|Ручной тест|Қолмен тест
RY|test|zone|Test left the normal state|Тест: состояние не в норме|Тест: күйі қалыпты емес
SC|other|device|Change of state|Изменение состояния|Күйі өзгерді
TC|test||All points tested|Все точки проверены|Барлық нүкте тексерілді
TE|test||Test ended|Проверка завершена|Тексеру аяқталды
TP|test|zone|Walk test of a point|Проверка точки обходом|Нүктені аралап тексеру
TS|test||Test started|Проверка начата|Тексеру басталды
TW|test||Area watch started|Наблюдение за разделом начато|Бөлімді бақылау басталды
TX|test||Test report|Отчёт о проверке|Тексеру есебі
TZ|test||Area watch ended|Наблюдение за разделом завершено|Бөлімді бақылау аяқталды
UG|other|zone|Event not verified|Событие не подтверждено|Оқиға расталмады
UX|other||Undefined event|Неопределённое событие|Анықталмаған оқиға
UY|trouble|zone|Untyped sensor missing, trouble|Датчик без типа не отвечает|Түрсіз датчик жауап бермейді
UZ|trouble|zone|Untyped sensor missing, alarm|Датчик без типа пропал|Түрсіз датчик жоғалды
VI|restore/trouble|device|Printer has paper|В принтере есть бумага|Принтерде қағаз бар
VO|trouble|device|Printer is out of paper|В принтере нет бумаги|Принтерде қағаз жоқ
VR|restore/trouble|device|Printer restored|Принтер восстановлен|Принтер қалпына келді
VT|trouble|device|Printer trouble|Неисправность принтера|Принтер ақауы
VX|test|device|Printer test|Проверка принтера|Принтерді тексеру
VY|restore/trouble||Printer online|Принтер на связи|Принтер қосулы
VZ|trouble||Printer offline|Принтер отключён|Принтер ажыратулы
XA|other||Extra account report|Отчёт лишнего объекта|Артық нысан есебі
XE|other|zone|Extra point|Лишняя точка|Артық нүкте
XF|other|zone|Extra radio point|Лишняя радиоточка|Артық радионүкте
XH|restore/trouble|device|Radio interference ended|Радиопомехи прекратились|Радиокедергі тоқтады
XI|other|zone|Sensor reset|Сброс датчика|Датчик қайта іске қосылды
XJ|restore/tamper|device|Radio receiver closed again|Радиоприёмник снова закрыт|Радиоқабылдағыш жабылды
XL|trouble|device|Weak radio signal|Слабый радиосигнал|Радиосигнал әлсіз
XM|trouble|zone|Crossed zone is missing|Парная зона не отвечает|Жұп аймақ жауап бермейді
XQ|trouble|device|Radio interference|Радиопомехи|Радиокедергі
XR|restore/trouble|zone|Sensor battery restored|Батарея датчика в норме|Датчик батареясы қалыпты
XS|tamper|device|Radio receiver tamper|Вскрытие радиоприёмника|Радиоқабылдағыш ашылды
XT|trouble|zone|Sensor battery low|Батарея датчика разряжена|Датчик батареясы таусылды
XW|bypass|zone|Point forced|Точка обойдена принудительно|Нүкте мәжбүрлі ажыратылды
XX|trouble||Failed to test|Тест не пришёл|Тест келмеді
YA|trouble||Bell fault|Неисправность сирены|Сирена ақауы
YB|other|line|Busy seconds|Время занятости линии|Желінің бос емес уақыты
YC|trouble||Communication failed|Нет связи|Байланыс жоқ
YD|trouble|line|Receiver line card trouble|Неисправность линейной платы|Желілік тақша ақауы
YE|restore/trouble|line|Receiver line card restored|Линейная плата восстановлена|Желілік тақша қалпына келді
YF|trouble||Settings are damaged|Настройки повреждены|Баптаулар бүлінген
YG|other||Settings changed|Настройки изменены|Баптаулар өзгертілді
YH|restore/trouble||Bell restored|Сирена восстановлена|Сирена қалпына келді
YI|trouble||Overcurrent|Перегрузка по току|Ток бойынша асқын жүктеме
YJ|restore/trouble||Overcurrent ended|Перегрузка устранена|Асқын жүктеме жойылды
YK|restore/trouble||Communication restored|Связь восстановлена|Байланыс қалпына келді
YM|trouble||Battery is missing|Аккумулятор отсутствует|Аккумулятор жоқ
YN|other||Invalid report|Неверное сообщение|Қате хабарлама
YO|other||Unknown message|Неизвестное сообщение|Белгісіз хабарлама
YP|trouble||Power supply trouble|Неисправность блока питания|Қуат блогының ақауы
YQ|restore/trouble||Power supply restored|Блок питания восстановлен|Қуат блогы қалпына келді
YR|restore/trouble||Battery restored|Аккумулятор в норме|Аккумулятор қалыпты
YS|trouble||Communication trouble|Неисправность связи|Байланыс ақауы
YT|trouble||Battery low|Аккумулятор разряжен|Аккумулятор таусылды
YU|trouble|device|Diagnostic error|Ошибка диагностики|Диагностика қатесі
YW|trouble||Watchdog reset|Сброс сторожевым таймером|Қадағалау таймері қайта іске қосты
YX|trouble||Service required|Требуется обслуживание|Қызмет көрсету керек
YY|other||Status report|Отчёт о состоянии|Күй туралы есеп
YZ|other||Service completed|Обслуживание выполнено|Қызмет көрсету аяқталды
"""


def _compose() -> dict[str, Code]:
    rows = []
    for family_row in _FAMILIES.strip().splitlines():
        family, own_kind, *subjects = family_row.split("|")
        for condition_row in _CONDITIONS.strip().splitlines():
            letter, kind, *states = condition_row.split("|")
            names = "|".join(f"{subject}: {state}" for subject, state in zip(subjects, states, strict=True))
            rows.append(f"{family}{letter}|{kind.replace('=', own_kind)}|zone|{names}")
    return read_rows("\n".join(rows))


#: All SIA DCS event codes by their two letters.
SIA_CODES: dict[str, Code] = _compose() | read_rows(_ROWS)
