"""What Tirek says over a wire: alarm panels (dc09), public warnings (cap), commands to loudspeakers (command).

Bytes in, checked objects out: nothing here opens a socket or a file.
"""
