from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "xiaoneng.people"
    label = "people"
    verbose_name = "申请人与账号"
