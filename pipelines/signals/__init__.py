"""What is abnormal is decided once, where numbers are made, so that wall, pack and log can never disagree."""

from pipelines.signals.table import Judged, judged, publish_signals

__all__ = ["Judged", "judged", "publish_signals"]
