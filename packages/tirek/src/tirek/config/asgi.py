"""The ASGI application that uvicorn serves."""

import os
import threading
import warnings

from django.core.asgi import get_asgi_application

# WhiteNoise serves files through ordinary iterators. They are short, so nothing is gained by telling each worker about it.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tirek.config.settings")
application = get_asgi_application()


def warm_up() -> None:
    """Read the signing keys now: the first warning must not wait for it."""
    from tirek.warning.signing import cap_key, make_keys  # apps are ready only now  # noqa: PLC0415

    make_keys()
    cap_key()


threading.Thread(target=warm_up, name="warm-up", daemon=True).start()
