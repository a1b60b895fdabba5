"""Contact ID event codes (SIA DC-05).

The class is in the first digits: 10 medical, 11 fire, 12 panic, 13-14 burglary, 15-16 other sensors, 2 fire
supervision, 3 trouble, 4 opening and closing, 5 bypass, 6 test. The qualifier says whether it began or ended;
names in the class "opening and closing" are neutral, the qualifier makes them an opening or a closing.
"""

from .codes import Code, read_rows

_ROWS = """
100|medical|zone|Medical help|Медицинская помощь|Медициналық көмек
101|medical|zone|Personal emergency|Личный экстренный вызов|Жеке шұғыл шақыру
102|medical|zone|Person did not report in|Человек не отметился|Адам белгі бермеді
103|medical|zone|Fall detected|Обнаружено падение|Құлау анықталды
110|fire|zone|Fire|Пожар|Өрт
111|fire|zone|Smoke|Дым|Түтін
112|fire|zone|Combustion|Горение|Жану
113|fire|zone|Water flow|Поток воды в системе тушения|Өрт сөндіру жүйесіндегі су ағыны
114|fire|zone|Heat|Перегрев|Қызып кету
115|fire|zone|Manual call point|Ручной пожарный извещатель|Қол өрт хабарлағышы
116|fire|zone|Smoke in a duct|Дым в воздуховоде|Ауа арнасындағы түтін
117|fire|zone|Flame|Пламя|Жалын
118|fire|zone|Near fire alarm|Близко к пожарной тревоге|Өрт дабылына жақын
120|panic|zone|Panic button|Тревожная кнопка|Дабыл түймесі
121|duress|user|Duress|Принуждение|Мәжбүрлеу
122|panic|zone|Panic button, silent|Тревожная кнопка, тихая|Дабыл түймесі, дыбыссыз
123|panic|zone|Panic button, audible|Тревожная кнопка, со звуком|Дабыл түймесі, дыбысты
124|duress|zone|Duress, access granted|Принуждение, вход разрешён|Мәжбүрлеу, кіруге рұқсат
125|duress|zone|Duress, exit granted|Принуждение, выход разрешён|Мәжбүрлеу, шығуға рұқсат
126|holdup|user|Suspicion of a hold-up|Подозрение на нападение|Шабуыл күдігі
129|panic|zone|Panic confirmed|Нажатие кнопки подтверждено|Дабыл түймесі расталды
130|burglary|zone|Burglary|Проникновение|Бұзып кіру
131|burglary|zone|Perimeter|Периметр|Периметр
132|burglary|zone|Interior|Внутри помещения|Үй-жай ішінде
133|burglary|zone|24-hour zone|Круглосуточная зона|Тәулік бойғы аймақ
134|burglary|zone|Entry or exit|Вход или выход|Кіру немесе шығу
135|burglary|zone|Day and night zone|Зона день и ночь|Күндізгі-түнгі аймақ
136|burglary|zone|Outdoors|Снаружи|Сыртта
137|tamper|zone|Tamper|Вскрытие|Құрылғы ашылды
138|burglary|zone|Near alarm|Близко к тревоге|Дабылға жақын
139|burglary|zone|Intrusion confirmed|Проникновение подтверждено|Бұзып кіру расталды
140|burglary|zone|General alarm|Общая тревога|Жалпы дабыл
141|trouble|zone|Polling loop open|Обрыв шлейфа опроса|Сұрау желісі үзілді
142|trouble|zone|Polling loop short|Замыкание шлейфа опроса|Сұрау желісі тұйықталды
143|trouble|zone|Expansion module failure|Отказ модуля расширения|Кеңейту модулі істен шықты
144|tamper|zone|Sensor tamper|Вскрытие датчика|Датчик ашылды
145|tamper|zone|Expansion module tamper|Вскрытие модуля расширения|Кеңейту модулі ашылды
146|burglary|zone|Silent burglary|Тихая тревога проникновения|Бұзып кірудің дыбыссыз дабылы
147|trouble|zone|Sensor supervision failed|Датчик не отвечает|Датчик жауап бермейді
150|trouble|zone|24-hour zone, technical|Круглосуточная техническая зона|Тәулік бойғы техникалық аймақ
151|fire|zone|Gas|Газ|Газ
152|trouble|zone|Refrigeration|Холодильное оборудование|Тоңазыту жабдығы
153|trouble|zone|Loss of heating|Нет отопления|Жылу жоқ
154|trouble|zone|Water leak|Протечка воды|Су ағуы
155|burglary|zone|Foil break|Разрыв фольги|Фольга үзілді
156|trouble|zone|Day trouble|Дневная неисправность|Күндізгі ақау
157|trouble|zone|Bottled gas low|Мало газа в баллоне|Баллонда газ аз
158|trouble|zone|High temperature|Высокая температура|Жоғары температура
159|trouble|zone|Low temperature|Низкая температура|Төмен температура
161|trouble|zone|Loss of air flow|Нет потока воздуха|Ауа ағыны жоқ
162|fire|zone|Carbon monoxide|Угарный газ|Иіс газы
163|trouble|zone|Tank level|Уровень в баке|Бактағы деңгей
168|trouble|zone|High humidity|Высокая влажность|Жоғары ылғалдылық
169|trouble|zone|Low humidity|Низкая влажность|Төмен ылғалдылық
200|trouble|zone|Fire supervision|Пожарный надзор|Өрт қадағалауы
201|trouble|zone|Low water pressure|Низкое давление воды|Су қысымы төмен
202|trouble|zone|Low carbon dioxide|Мало углекислого газа|Көмірқышқыл газы аз
203|trouble|zone|Gate valve|Датчик задвижки|Ысырма датчигі
204|trouble|zone|Low water level|Низкий уровень воды|Су деңгейі төмен
205|trouble|zone|Pump started|Насос включён|Сорғы қосылды
206|trouble|zone|Pump failure|Отказ насоса|Сорғы істен шықты
300|trouble|zone|System trouble|Неисправность системы|Жүйе ақауы
301|trouble|zone|Mains power lost|Нет сетевого питания|Желілік қуат жоқ
302|trouble|zone|Battery low|Аккумулятор разряжен|Аккумулятор таусылды
303|trouble|zone|Memory check failed|Ошибка памяти|Жад қатесі
304|trouble|zone|Program check failed|Ошибка программы прибора|Құрылғы бағдарламасының қатесі
305|trouble|zone|System reset|Сброс системы|Жүйе қайта іске қосылды
306|other|zone|Panel settings changed|Настройки прибора изменены|Құрылғы баптаулары өзгертілді
307|trouble|zone|Self-test failed|Самопроверка не пройдена|Өзін-өзі тексеру сәтсіз
308|trouble|zone|System shut down|Система остановлена|Жүйе тоқтатылды
309|trouble|zone|Battery test failed|Аккумулятор не прошёл проверку|Аккумулятор тексеруден өтпеді
310|trouble|zone|Ground fault|Замыкание на землю|Жерге тұйықталу
311|trouble|zone|Battery missing or dead|Аккумулятор отсутствует или неисправен|Аккумулятор жоқ немесе істен шыққан
312|trouble|zone|Overcurrent|Перегрузка по току|Ток бойынша асқын жүктеме
313|other|user|Reset by an engineer|Сброс инженером|Инженер қайта іске қосты
314|trouble|zone|Main power supply failed|Отказ основного питания|Негізгі қуат істен шықты
315|trouble|zone|System trouble|Неисправность системы|Жүйе ақауы
316|tamper|zone|System tamper|Вскрытие системы|Жүйе ашылды
317|tamper|zone|Panel tamper|Вскрытие прибора|Құрылғы ашылды
320|trouble|zone|Sounder or relay trouble|Неисправность оповещателя или реле|Дабылдатқыш немесе реле ақауы
321|trouble|zone|Bell 1 trouble|Неисправность сирены 1|1-сирена ақауы
322|trouble|zone|Bell 2 trouble|Неисправность сирены 2|2-сирена ақауы
323|trouble|zone|Alarm relay trouble|Неисправность реле тревоги|Дабыл релесінің ақауы
324|trouble|zone|Trouble relay trouble|Отказ реле неисправности|Ақау релесі істен шықты
325|trouble|zone|Reversing relay trouble|Отказ реле переключения|Ауыстыру релесі істен шықты
326|trouble|zone|Notification circuit 3 trouble|Неисправность цепи оповещения 3|3-хабарлау тізбегінің ақауы
327|trouble|zone|Notification circuit 4 trouble|Неисправность цепи оповещения 4|4-хабарлау тізбегінің ақауы
330|trouble|zone|Peripheral trouble|Неисправность внешнего устройства|Сыртқы құрылғы ақауы
331|trouble|zone|Polling loop open|Обрыв шлейфа опроса|Сұрау желісі үзілді
332|trouble|zone|Polling loop short|Замыкание шлейфа опроса|Сұрау желісі тұйықталды
333|trouble|zone|Module failure|Отказ модуля|Модуль істен шықты
334|trouble|zone|Repeater failure|Отказ ретранслятора|Ретранслятор істен шықты
335|trouble|zone|Printer is out of paper|В принтере нет бумаги|Принтерде қағаз жоқ
336|trouble|zone|Printer failure|Отказ принтера|Принтер істен шықты
337|trouble|zone|Module power lost|Нет питания модуля|Модуль қуаты жоқ
338|trouble|zone|Module battery low|Батарея модуля разряжена|Модуль батареясы таусылды
339|trouble|zone|Module reset|Сброс модуля|Модуль қайта іске қосылды
341|tamper|zone|Module tamper|Вскрытие модуля|Модуль ашылды
342|trouble||Module mains lost|Нет сети у модуля|Модульде желілік қуат жоқ
343|trouble|zone|Module self-test failed|Модуль не прошёл самопроверку|Модуль тексеруден өтпеді
344|trouble|zone|Radio jamming|Глушение радиоканала|Радиоарнаны бөгеу
345|trouble|zone|Encryption changed|Шифрование изменено|Шифрлау өзгертілді
350|trouble|zone|Communication trouble|Неисправность связи|Байланыс ақауы
351|trouble|zone|Phone line 1 trouble|Неисправность телефонной линии 1|1-телефон желісінің ақауы
352|trouble|zone|Phone line 2 trouble|Неисправность телефонной линии 2|2-телефон желісінің ақауы
353|trouble|zone|Long-range radio trouble|Неисправность дальней радиосвязи|Алыс радиобайланыс ақауы
354|trouble|zone|Could not report|Не удалось передать сообщение|Хабарлама жіберілмеді
355|trouble|zone|Radio supervision lost|Потерян контроль радиоканала|Радиоарна бақылауы жоғалды
356|trouble|zone|Central polling lost|Нет опроса с пульта|Орталық сұрауы жоқ
357|trouble|zone|Radio antenna trouble|Неисправность антенны|Антенна ақауы
358|test|zone|Periodic communication test|Периодическая проверка связи|Байланысты мерзімді тексеру
370|trouble|zone|Protection loop trouble|Неисправность шлейфа|Шлейф ақауы
371|trouble|zone|Protection loop open|Обрыв шлейфа|Шлейф үзілді
372|trouble|zone|Protection loop short|Замыкание шлейфа|Шлейф тұйықталды
373|trouble|zone|Fire loop trouble|Неисправность пожарного шлейфа|Өрт шлейфінің ақауы
374|burglary|zone|Exit error alarm|Тревога ошибки выхода|Шығу қатесінің дабылы
375|trouble|zone|Panic zone trouble|Неисправность тревожной кнопки|Дабыл түймесінің ақауы
376|trouble|zone|Hold-up zone trouble|Неисправность зоны нападения|Шабуыл аймағының ақауы
377|trouble|zone|Repeating zone trouble|Повторная неисправность зоны|Аймақтың қайталанған ақауы
378|trouble|zone|Crossed zone trouble|Неисправность парной зоны|Жұп аймақ ақауы
380|trouble|zone|Sensor trouble|Неисправность датчика|Датчик ақауы
381|trouble|zone|Radio sensor is missing|Радиодатчик не отвечает|Радиодатчик жауап бермейді
382|trouble|zone|Bus sensor is missing|Датчик шины не отвечает|Шина датчигі жауап бермейді
383|tamper|zone|Sensor tamper|Вскрытие датчика|Датчик ашылды
384|trouble|zone|Sensor battery low|Батарея датчика разряжена|Датчик батареясы таусылды
385|trouble|zone|Smoke sensor too sensitive|Датчик дыма слишком чувствителен|Түтін датчигі тым сезімтал
386|trouble|zone|Smoke sensor not sensitive|Датчик дыма недостаточно чувствителен|Түтін датчигінің сезімталдығы төмен
387|trouble|zone|Motion sensor too sensitive|Датчик движения слишком чувствителен|Қозғалыс датчигі тым сезімтал
388|trouble|zone|Motion sensor not sensitive|Датчик движения малочувствителен|Қозғалыс датчигінің сезімталдығы төмен
389|trouble|zone|Sensor self-test failed|Датчик не прошёл самопроверку|Датчик тексеруден өтпеді
391|trouble|zone|Sensor saw nothing for long|Датчик давно не срабатывал|Датчик көптен іске қосылмады
392|trouble|zone|Drift compensation error|Датчик не настраивается сам|Датчик өзі реттелмейді
393|trouble|zone|Maintenance needed|Требуется обслуживание|Қызмет көрсету керек
394|trouble|zone|CO sensor needs replacement|Датчик угарного газа пора заменить|Иіс газы датчигін ауыстыру керек
400|open_close|user|general|общее|жалпы
401|open_close|user|by a user|пользователем|пайдаланушы
402|open_close|user|by a group|группой|топ
403|open_close|user|automatic|автоматически|автоматты түрде
404|open_close|user|late|с опозданием|кешігіп
405|open_close|user|deferred|отложенно|кейінге қалдырылған
406|other|user|Alarm cancelled by a user|Тревога отменена пользователем|Дабылды пайдаланушы тоқтатты
407|open_close|user|remote|удалённо|қашықтан
408|open_close|user|quick|быстро|жедел
409|open_close|user|by key switch|ключом|кілтпен
411|other|user|Callback requested|Запрошен обратный вызов|Кері қоңырау сұралды
412|other|user|Remote access succeeded|Удалённый доступ выполнен|Қашықтан кіру орындалды
413|other|user|Remote access failed|Удалённый доступ не удался|Қашықтан кіру сәтсіз
414|other|user|Shutdown command received|Получена команда остановки|Тоқтату бұйрығы келді
415|other|user|Dialler shutdown command received|Получена команда остановки связи|Байланысты тоқтату бұйрығы келді
416|other|zone|Upload succeeded|Выгрузка выполнена|Жүктеп жіберу орындалды
421|other|user|Access denied|Отказ в доступе|Кіруге рұқсат жоқ
422|other|user|Access by a user|Доступ пользователя|Пайдаланушы кірді
423|burglary|zone|Door forced|Дверь взломана|Есік бұзылды
424|other|user|Exit denied|Отказ в выходе|Шығуға рұқсат жоқ
425|other|user|Exit granted|Выход разрешён|Шығуға рұқсат
426|trouble|zone|Door propped open|Дверь не закрыта|Есік ашық қалды
427|trouble|zone|Door sensor trouble|Неисправность датчика двери|Есік датчигінің ақауы
428|trouble|zone|Exit button trouble|Неисправность кнопки выхода|Шығу түймесінің ақауы
429|other|user|Access programming began|Начата настройка доступа|Кіруді баптау басталды
430|other|user|Access programming ended|Завершена настройка доступа|Кіруді баптау аяқталды
431|other|user|Threat level changed|Уровень угрозы изменён|Қауіп деңгейі өзгертілді
432|trouble|zone|Access relay failed|Отказ реле доступа|Кіру релесі істен шықты
433|bypass|zone|Exit request bypassed|Запрос на выход отключён|Шығу сұрауы ажыратылды
434|bypass|zone|Door sensor bypassed|Датчик двери отключён|Есік датчигі ажыратылды
435|other|user|Second person entered|Вошёл второй человек|Екінші адам кірді
436|other|user|Irregular access|Необычный доступ|Әдеттен тыс кіру
441|open_close|user|people stay inside|внутри остаются люди|ішінде адамдар бар
442|open_close|user|by key switch, people inside|ключом, внутри люди|кілтпен, ішінде адамдар бар
443|open_close|user|in spite of a trouble|несмотря на неисправность|ақауға қарамастан
444|open_close|user|night, people inside|ночной режим, внутри люди|түнгі режим, ішінде адамдар бар
450|open_close|user|as an exception|в виде исключения|ерекше жағдайда
451|open_close|user|early|раньше срока|мерзімінен ерте
452|open_close|user|late|позже срока|мерзімінен кеш
453|open_close|user|Not disarmed in time|Не снято с охраны в срок|Мерзімінде күзеттен алынбады
454|open_close|user|Not armed in time|Не взято под охрану в срок|Мерзімінде күзетке қойылмады
455|open_close|user|Automatic arming failed|Автоматическая постановка не удалась|Автоматты күзетке қою сәтсіз
456|open_close|user|in part|частично|ішінара
457|open_close|user|Exit error|Ошибка выхода|Шығу қатесі
458|other|user|User on premises|Пользователь на объекте|Пайдаланушы нысанда
459|open_close|user|Alarm right after arming|Тревога сразу после постановки|Күзетке қойысымен дабыл
461|tamper|zone|Wrong code entered|Введён неверный код|Қате код енгізілді
462|other|user|Right code entered|Введён верный код|Дұрыс код енгізілді
463|open_close|user|again after an alarm|снова после тревоги|дабылдан кейін қайта
464|open_close|user|Arming time extended|Время постановки продлено|Күзетке қою уақыты ұзартылды
465|other|zone|Panic alarm reset|Сброс тревожной кнопки|Дабыл түймесі қайтарылды
466|other|user|Service on premises|Обслуживание на объекте|Нысанда қызмет көрсетілуде
501|bypass|zone|Access reader disabled|Считыватель отключён|Оқу құрылғысы ажыратылды
520|bypass|zone|Sounder or relay disabled|Оповещатель или реле отключены|Дабылдатқыш немесе реле ажыратылды
521|bypass|zone|Bell 1 disabled|Сирена 1 отключена|1-сирена ажыратылды
522|bypass|zone|Bell 2 disabled|Сирена 2 отключена|2-сирена ажыратылды
523|bypass|zone|Alarm relay disabled|Реле тревоги отключено|Дабыл релесі ажыратылды
524|bypass|zone|Trouble relay disabled|Реле неисправности отключено|Ақау релесі ажыратылды
525|bypass|zone|Reversing relay disabled|Реле переключения отключено|Ауыстыру релесі ажыратылды
526|bypass|zone|Notification circuit 3 disabled|Цепь оповещения 3 отключена|3-хабарлау тізбегі ажыратылды
527|bypass|zone|Notification circuit 4 disabled|Цепь оповещения 4 отключена|4-хабарлау тізбегі ажыратылды
531|other|zone|Module added|Модуль добавлен|Модуль қосылды
532|other|zone|Module removed|Модуль удалён|Модуль алынды
551|bypass|zone|Dialler disabled|Связь по телефону отключена|Телефон байланысы ажыратылды
552|bypass|zone|Radio transmitter disabled|Радиопередатчик отключён|Радиотаратқыш ажыратылды
553|bypass|zone|Remote settings disabled|Удалённая настройка отключена|Қашықтан баптау ажыратылды
554|trouble|zone|Fibre converter fault|Неисправность оптического преобразователя|Оптикалық түрлендіргіш ақауы
555|trouble|zone|Fibre network fault|Неисправность оптической сети|Оптикалық желі ақауы
570|bypass|zone|Zone bypassed|Зона отключена|Аймақ ажыратылды
571|bypass|zone|Fire zone bypassed|Пожарная зона отключена|Өрт аймағы ажыратылды
572|bypass|zone|24-hour zone bypassed|Круглосуточная зона отключена|Тәулік бойғы аймақ ажыратылды
573|bypass|zone|Burglary zone bypassed|Охранная зона отключена|Күзет аймағы ажыратылды
574|bypass|user|Group bypassed|Группа зон отключена|Аймақтар тобы ажыратылды
575|bypass|zone|Repeating zone bypassed|Повторяющаяся зона отключена|Қайталанатын аймақ ажыратылды
576|bypass|zone|Access zone bypassed|Зона доступа отключена|Кіру аймағы ажыратылды
577|bypass|zone|Access point bypassed|Точка доступа отключена|Кіру нүктесі ажыратылды
578|bypass|zone|Vault zone bypassed|Зона хранилища отключена|Қойма аймағы ажыратылды
579|bypass|zone|Vent zone bypassed|Зона вентиляции отключена|Желдету аймағы ажыратылды
601|test|zone|Manual test|Ручной тест|Қолмен тест
602|test|zone|Periodic test|Периодический тест|Мерзімді тест
603|test|zone|Periodic radio test|Периодический радиотест|Мерзімді радиотест
604|test|user|Fire test|Пожарная проверка|Өрт сынағы
605|other|zone|Status report follows|Далее отчёт о состоянии|Күй есебі келеді
606|other|zone|Listen-in follows|Далее прослушивание|Тыңдау басталады
607|test|user|Walk test|Проверка обходом|Аралап тексеру
608|test|zone|Periodic test, trouble present|Периодический тест, есть неисправность|Мерзімді тест, ақау бар
609|other|zone|Video transmitter active|Видеопередатчик включён|Бейнетаратқыш қосулы
611|test|zone|Point tested|Точка проверена|Нүкте тексерілді
612|test|zone|Point not tested|Точка не проверена|Нүкте тексерілмеді
613|test|zone|Burglary zone walk-tested|Охранная зона проверена обходом|Күзет аймағы аралап тексерілді
614|test|zone|Fire zone walk-tested|Пожарная зона проверена обходом|Өрт аймағы аралап тексерілді
615|test|zone|Panic zone walk-tested|Тревожная кнопка проверена обходом|Дабыл түймесі аралап тексерілді
616|trouble|zone|Service requested|Запрошено обслуживание|Қызмет көрсету сұралды
621|other|zone|Event log reset|Журнал очищен|Журнал тазартылды
622|other|zone|Event log half full|Журнал заполнен наполовину|Журнал жартылай толды
623|other|zone|Event log 90 % full|Журнал заполнен на 90 %|Журнал 90 % толды
624|other|zone|Event log overflow|Журнал переполнен|Журнал толып кетті
625|other|user|Clock set|Время установлено|Уақыт қойылды
626|trouble|zone|Clock is wrong|Время неверно|Уақыт дұрыс емес
627|other|zone|Programming began|Начата настройка|Баптау басталды
628|other|zone|Programming ended|Завершена настройка|Баптау аяқталды
629|other|zone|Log marker, 32 hours|Отметка журнала, 32 часа|Журнал белгісі, 32 сағат
630|other|zone|Schedule changed|Расписание изменено|Кесте өзгертілді
631|other|zone|Exception schedule changed|Расписание исключений изменено|Ерекше кесте өзгертілді
632|other|zone|Access schedule changed|Расписание доступа изменено|Кіру кестесі өзгертілді
641|medical|zone|Watched person is not moving|Подопечный не двигается|Қамқорлықтағы адам қозғалмайды
642|other|user|Expected person came|Ожидаемый человек пришёл|Күткен адам келді
643|other|zone|Restricted door opened|Открыта запретная дверь|Рұқсатсыз есік ашылды
645|other|zone|Help has arrived|Помощь прибыла|Көмек келді
646|panic|zone|More help needed|Нужна ещё помощь|Қосымша көмек керек
647|other|zone|More help cancelled|Дополнительная помощь отменена|Қосымша көмек керек емес
651|other|zone|Reserved for the maker|Служебный код|Қызметтік код
652|other|user|Reserved for the maker|Служебный код|Қызметтік код
653|other|user|Reserved for the maker|Служебный код|Қызметтік код
654|trouble|zone|System inactive|Система неактивна|Жүйе белсенді емес
655|other|user|Code changed by the installer|Код изменён установщиком|Кодты орнатушы өзгертті
703|other|zone|Auxiliary 3|Дополнительное 3|Қосымша 3
704|test|zone|Installer test|Проверка установщиком|Орнатушы тексеруі
796|trouble|zone|Output signal failed|Нет выходного сигнала|Шығыс сигналы жоқ
798|trouble|zone|Line controller down|Контроллер линии не работает|Желі контроллері жұмыс істемейді
900|other|device|Download aborted|Загрузка прервана|Жүктеу үзілді
901|other|device|Download|Загрузка|Жүктеу
902|other|device|Download interrupted|Загрузка приостановлена|Жүктеу тоқтап қалды
903|other|device|Firmware update|Обновление прошивки|Микробағдарламаны жаңарту
904|trouble|device|Firmware update failed|Обновление прошивки не удалось|Микробағдарламаны жаңарту сәтсіз
910|open_close|zone|Armed automatically, zones bypassed|Автопостановка с отключением зон|Аймақсыз автокүзетке қою
911|open_close|zone|Armed, zones bypassed|Постановка с отключением зон|Аймақтарды ажыратып күзетке қою
912|other|zone|Fire alarm silenced|Звук пожарной тревоги отключён|Өрт дабылының дыбысы өшірілді
913|test|user|Supervisory point test|Проверка контрольных точек|Бақылау нүктелерін тексеру
914|test|user|Hold-up test|Проверка кнопок нападения|Шабуыл түймелерін тексеру
915|test|user|Burglary test|Проверка охраны|Күзетті тексеру
916|test|user|Supervisory test|Проверка надзора|Қадағалауды тексеру
917|test|zone|Burglary diagnostics|Диагностика охраны|Күзет диагностикасы
918|test|zone|Fire diagnostics|Диагностика пожарной части|Өрт бөлігінің диагностикасы
919|test|zone|Diagnostics|Диагностика|Диагностика
920|open_close|user|Armed with a trouble|Постановка с неисправностью|Ақаумен күзетке қою
921|other|user|Access denied, unknown code|Отказ в доступе, код неизвестен|Кіруге рұқсат жоқ, код белгісіз
922|trouble|zone|Supervisory point alarm|Тревога контрольной точки|Бақылау нүктесінің дабылы
923|bypass|zone|Supervisory point bypassed|Контрольная точка отключена|Бақылау нүктесі ажыратылды
924|trouble|zone|Supervisory point trouble|Неисправность контрольной точки|Бақылау нүктесінің ақауы
925|bypass|zone|Hold-up point bypassed|Кнопка нападения отключена|Шабуыл түймесі ажыратылды
926|trouble|zone|No mains power for 4 hours|Нет сети 4 часа|4 сағат бойы желілік қуат жоқ
927|trouble|zone|Output trouble|Неисправность выхода|Шығыс ақауы
928|other|user|User code of an event|Код пользователя события|Оқиға пайдаланушысының коды
929|other|user|Logged off|Выход из системы|Жүйеден шықты
954|trouble|zone|Central station connection failed|Нет связи с пультом|Пультпен байланыс жоқ
961|trouble|zone|Receiver database failed|Сбой базы приёмника|Қабылдағыш дерекқорының ақауы
962|other|zone|License is expiring|Истекает лицензия|Лицензия мерзімі бітуде
"""

#: Codes in the range that makers may use for persons: "a user did something".
_ASSIGNED = "\n".join(
    f"{number}|other|user|User event|Событие пользователя|Пайдаланушы оқиғасы" for number in range(750, 790)
)

#: All Contact ID event codes by their three digits.
CID_CODES: dict[str, Code] = read_rows(_ROWS) | read_rows(_ASSIGNED)

#: Codes whose qualifier 1 means an opening (disarming) and 3 a closing (arming).
ARMING = frozenset(
    (
        *("400", "401", "402", "403", "404", "405", "407", "408", "409"),
        *("441", "442", "443", "444", "450", "451", "452", "456", "463"),
    )
)

#: Kind of a code that has no row, by its first digits; the longest match wins.
CLASSES = {
    "10": "medical",
    "11": "fire",
    "12": "panic",
    "13": "burglary",
    "14": "burglary",
    "1": "trouble",
    "2": "trouble",
    "3": "trouble",
    "4": "open_close",
    "5": "bypass",
    "6": "test",
}
