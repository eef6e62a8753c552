import os

from django.core.wsgi import get_wsgi_application

from candide.foundation.pdf.rendering import load_renderer

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "candide.config.settings")

application = get_wsgi_application()
load_renderer()
