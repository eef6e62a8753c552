from django.urls import path

app_name = "candidate"
urlpatterns: list = []
