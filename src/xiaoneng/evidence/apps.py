from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "xiaoneng.evidence"
    label = "evidence"
