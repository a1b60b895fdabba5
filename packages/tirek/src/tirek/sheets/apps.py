"""App configuration."""

from django.apps import AppConfig


class SheetsConfig(AppConfig):
    name = "tirek.sheets"

    def ready(self) -> None:
        from tirek.jobs.registry import register  # needs models  # noqa: PLC0415
        from tirek.sheets import tasks  # noqa: PLC0415

        register("sheets.check", tasks.check, restartable=True)
        register("sheets.write", tasks.write, restartable=True)
