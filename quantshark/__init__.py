"""QuantShark (量子鲨鱼): Chinese market reports whose every figure is proved."""
