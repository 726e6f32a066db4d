"""The log and its checkpoints. They are written by the database functions alone; here they can only be read."""

from __future__ import annotations

from django.db import models


class Leaf(models.Model):
    """One entry's place in the log."""

    position = models.BigIntegerField(primary_key=True)
    entry_id = models.BigIntegerField()
    matter_id = models.BigIntegerField()
    seq = models.IntegerField()
    hash = models.BinaryField()

    class Meta:
        managed = False
        db_table = "log_leaf"

    def __str__(self) -> str:
        return f"{self.position}: {self.matter_id}/{self.seq}"


class Key(models.Model):
    """A public key with which checkpoints are signed."""

    fingerprint = models.CharField(max_length=64, primary_key=True)
    public = models.BinaryField()
    since = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "log_key"

    def __str__(self) -> str:
        return self.fingerprint


class Checkpoint(models.Model):
    """A signed statement of how long the log is and what its root is."""

    number = models.BigIntegerField(primary_key=True)
    size = models.BigIntegerField()
    root = models.BinaryField()
    at = models.DateTimeField()
    prev = models.BinaryField()
    key = models.ForeignKey(Key, models.PROTECT, db_column="key", related_name="+")
    signature = models.BinaryField()

    class Meta:
        managed = False
        db_table = "checkpoint"

    def __str__(self) -> str:
        return f"{self.number}: {self.size}"
