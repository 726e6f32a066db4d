from django.apps import AppConfig


class ApprovalConfig(AppConfig):
    name = "xiaoneng.approval"
    label = "approval"
    verbose_name = "审批"
