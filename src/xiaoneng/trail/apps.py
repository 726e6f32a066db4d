from django.apps import AppConfig


class TrailConfig(AppConfig):
    name = "xiaoneng.trail"
    label = "trail"
    verbose_name = "管理留痕"
