"""The bench of forecasts on files: reads them, scores what `tirek_engines.forecast` makes of them, writes a report. No Django."""
