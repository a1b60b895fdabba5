"""How the battery asks for the pages of the frame."""

from tests.battery.samples import Sample

SAMPLES = {
    "ui:base_map": Sample(answers={404}),  # no base map is provided in tests
}
