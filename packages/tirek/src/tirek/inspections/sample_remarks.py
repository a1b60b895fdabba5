"""What inspectors of the sample write about each requirement that they found unmet, and where.

A remark says what is wrong with that very requirement: it is the title of the finding.
"""

from __future__ import annotations

from typing import NamedTuple


class Remark(NamedTuple):
    text: str
    place: str


REMARKS = {
    "perimeter-fence": Remark("Ворота во двор не закрываются: сломан замок.", "двор"),
    "perimeter-gates-locked": Remark("Калитка у котельной не заперта, ключа на посту нет.", "двор"),
    "perimeter-lighting": Remark("За зданием не горят два фонаря из трёх.", "двор"),
    "perimeter-clear-zone": Remark("У стены сложены доски, по ним можно подняться к окнам.", "двор"),
    "perimeter-signs": Remark("Таблички на ограждении только на русском языке.", "ограждение"),
    "perimeter-vehicle-barrier": Remark("Шлагбаум на въезде не работает и поднят.", "въезд"),
    "perimeter-parking": Remark("Чужие автомашины стоят вплотную к зданию.", "у главного входа"),
    "perimeter-patrol": Remark("Обход за последнюю неделю в журнал не записан.", "пост охраны"),
    "perimeter-alarm": Remark("Охранная сигнализация на северной стороне отключена.", "ограждение"),
    "entrances-post": Remark("На входе нет дежурного.", "главный вход"),
    "entrances-access-control": Remark("Турникет открыт, карты работников не считываются.", "главный вход"),
    "entrances-visitors": Remark("Журнал посетителей не ведётся с прошлого месяца.", "главный вход"),
    "entrances-detector": Remark("Металлодетектор выключен из сети.", "главный вход"),
    "entrances-emergency-exits": Remark("Запасной выход заперт на навесной замок.", "запасной выход"),
    "entrances-doors": Remark("Дверь в подвал не заперта.", "вход в подвал"),
    "entrances-vehicles": Remark("Автомашины впускаются без осмотра, списка нет.", "въезд"),
    "entrances-deliveries": Remark("Грузы заносят через главный вход без осмотра.", "главный вход"),
    "entrances-intercom": Remark("Видеодомофон не показывает, кто звонит.", "главный вход"),
    "inside-rooms-locked": Remark("Чердак открыт, ключи от него не учтены.", "чердак"),
    "inside-evacuation-plans": Remark("План эвакуации вывешен только на первом этаже.", "2 этаж"),
    "inside-escape-routes": Remark("Путь к выходу заставлен мебелью.", "2 этаж"),
    "inside-emergency-light": Remark("Аварийные светильники на лестнице не горят.", "лестница"),
    "inside-generator": Remark("Генератор не запускали под нагрузкой с весны.", "котельная"),
    "inside-utilities": Remark("Щитовая открыта, войти может любой.", "щитовая"),
    "inside-safe-room": Remark("Помещение укрытия не запирается изнутри.", "1 этаж"),
    "inside-control-room": Remark("В помещение пульта входят без допуска.", "пульт управления"),
    "inside-hazards": Remark("Учёт опасных веществ за неделю не заполнен.", "склад"),
    "video-entrances": Remark("Служебный вход не виден ни одной камере.", "служебный вход"),
    "video-perimeter": Remark("За котельной камеры ничего не видят.", "двор"),
    "video-works": Remark("Одна камера у входа не работает.", "главный вход"),
    "video-retention": Remark("Запись хранится 12 суток.", "пост охраны"),
    "video-quality": Remark("Ночью на изображении у входа лица не различить.", "главный вход"),
    "video-link": Remark("Изображение в полицию не передаётся: канал отключён.", "пост охраны"),
    "video-recorder": Remark("Видеорегистратор стоит в незапертой комнате.", "пост охраны"),
    "video-signs": Remark("Табличек о видеонаблюдении нет.", "главный вход"),
    "video-operator": Remark("За экранами никто не наблюдает.", "пост охраны"),
    "alarm-button": Remark("Сигнал тревожной кнопки в дежурную часть не пришёл.", "пост охраны"),
    "alarm-button-tested": Remark("Тревожная кнопка не испытывалась с весны.", "пост охраны"),
    "alarm-panel": Remark("Прибор показывает неисправность питания.", "пост охраны"),
    "alarm-staff": Remark("Дежурный не знает, где тревожная кнопка.", "пост охраны"),
    "alarm-second-line": Remark("Вторая линия связи не подключена.", "пост охраны"),
    "alarm-contacts": Remark("Телефон дежурного в реестре устарел.", "пост охраны"),
    "alarm-response": Remark("В договоре о выезде не указано время прибытия.", "приёмная"),
    "alarm-portable": Remark("Переносная кнопка у дежурного разряжена.", "пост охраны"),
    "alarm-siren-manual": Remark("Ручной сирены на посту нет.", "пост охраны"),
    "warning-system": Remark("В актовом зале не слышно оповещения.", "актовый зал"),
    "warning-works": Remark("Молчат четыре громкоговорителя из двенадцати.", "2 этаж"),
    "warning-tested": Remark("Систему оповещения не испытывали полгода.", "пост охраны"),
    "warning-texts": Remark("Тексты оповещения есть только на русском языке.", "пост охраны"),
    "warning-backup": Remark("Без сети оповещение умолкает через десять минут.", "пост охраны"),
    "warning-outdoor": Remark("На спортивной площадке оповещения не слышно.", "двор"),
    "warning-assist": Remark("Кто помогает людям на колясках, не назначено.", "приёмная"),
    "people-responsible": Remark("Приказ об ответственном не обновлён: назначенный уволился.", "приёмная"),
    "people-briefings": Remark("Последний инструктаж был больше года назад.", "приёмная"),
    "people-drills": Remark("Тренировка по эвакуации в этом году не проводилась.", "приёмная"),
    "people-guards": Remark("Срок лицензии охранной организации истёк.", "пост охраны"),
    "people-guards-trained": Remark("Двое охранников не прошли курс подготовки.", "пост охраны"),
    "people-actions": Remark("Работники не смогли назвать порядок действий при угрозе.", "2 этаж"),
    "people-newcomers": Remark("Трое новых работников не прошли инструктаж.", "приёмная"),
    "people-first-aid": Remark("Аптечка неполна, срок перевязочных средств истёк.", "пост охраны"),
    "people-objects": Remark("Памятки о бесхозных предметах на виду нет.", "главный вход"),
    "people-instruction-sheet": Remark("Памятка выдана без подписей работников.", "приёмная"),
    "papers-passport": Remark("Паспорт не согласован с органом внутренних дел.", "приёмная"),
    "papers-site-plan": Remark("План территории не показывает новую пристройку.", "приёмная"),
    "papers-floor-plans": Remark("Поэтажный план второго этажа утерян.", "приёмная"),
    "papers-utilities": Remark("Схема электросети старше пяти лет.", "приёмная"),
    "papers-action-plan": Remark("План действий при угрозе не подписан.", "приёмная"),
    "papers-journal": Remark("В журнале нет записей за этот год.", "приёмная"),
    "papers-access-rules": Remark("Правил пропускного режима у дежурного нет.", "пост охраны"),
    "papers-acts": Remark("Акт прошлой проверки не найден.", "приёмная"),
    "papers-restricted": Remark("Служебные документы лежат в открытом шкафу.", "приёмная"),
    "papers-safety-corner": Remark("Уголок безопасности пуст.", "главный вход"),
    "education-responsible": Remark("Ответственный за безопасность назначен, но не обучен.", "приёмная"),
    "education-day-guard": Remark("Во время уроков у входа не было охранника.", "главный вход"),
    "education-handover": Remark("Списка лиц, которым отдают детей, у дежурного нет.", "главный вход"),
    "education-events": Remark("Актовый зал перед праздником не осматривали.", "актовый зал"),
    "education-drills": Remark("Тренировка с учащимися в этом году не проводилась.", "приёмная"),
    "education-briefings": Remark("Учащихся не инструктировали с прошлого года.", "приёмная"),
    "education-lockdown": Remark("Классы второго этажа изнутри не запираются.", "2 этаж"),
    "education-video-retention": Remark("Запись хранится 12 суток.", "пост охраны"),
    "education-video-yard": Remark("Игровая площадка камерам не видна.", "двор"),
    "education-button": Remark("В кабинете руководителя тревожной кнопки нет.", "приёмная"),
    "education-bell": Remark("Сигнал об угрозе звучит как звонок на урок.", "2 этаж"),
    "education-yard-fence": Remark("Пролом в ограждении у спортивной площадки.", "двор"),
}  # fmt: skip
OTHERWISE = Remark("Не выполнено, подтверждения не показаны.", "пост охраны")


def remark(key: str) -> Remark:
    return REMARKS.get(key, OTHERWISE)
