# QuantShark: set-up, the demonstration, the suite. `make help` lists the targets.
# Everything is installed into $(VENV) from the committed lock; nothing outside of this folder is touched.

VENV ?= .venv
DAY ?= 2025-12-12
CHROMIUM ?= chromium
OUT ?= out
BIN = $(VENV)/bin
RUN_STAMP = $(VENV)/.quantshark-run
DEV_STAMP = $(VENV)/.quantshark-dev
QUANTSHARK = $(BIN)/quantshark

.PHONY: help report test long faults bench live record picture lock clean golden
.DEFAULT_GOAL := help

help: ## 列出可用的命令
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(RUN_STAMP): pyproject.toml requirements.lock scripts/set-up
	@VENV="$(VENV)" PYTHON="$(PYTHON)" scripts/set-up run
	@touch $@

$(DEV_STAMP): pyproject.toml requirements-dev.lock scripts/set-up
	@VENV="$(VENV)" PYTHON="$(PYTHON)" scripts/set-up dev
	@touch $@ $(RUN_STAMP)

report: $(RUN_STAMP) ## 一条命令看成品：装好环境、读入演示资料、写五种报告、核对、发布成小站 out/site
	@$(BIN)/python scripts/demonstrate.py $(DAY) $(OUT)

test: $(DEV_STAMP) ## 全部检查：格式、代码规范、类型、测试（离线，随机顺序，多核）
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/pyright --pythonpath $(BIN)/python
	@$(BIN)/python -m pytest -n auto -m "not live and not long" $(TESTS)

faults: $(DEV_STAMP) ## 夜班台的故障测试：杀进程、重启数据库、写满磁盘；FAULTS=1000 跑得更多
	@FAULTS="$(or $(FAULTS),100)" $(BIN)/python -m tests.desk.faults

golden: $(DEV_STAMP) ## 重写五份对照稿；提交之前逐行读一遍差异
	@$(BIN)/python -m tests.editions.test_golden

long: $(DEV_STAMP) ## 要跑很久的检查：两万多条改坏的模型回复
	@$(BIN)/python -m pytest -m long tests/writers

bench: $(DEV_STAMP) ## 跑性能与质量测量，打印一张表
	@$(BIN)/python -m tests.benchmarks

live: $(DEV_STAMP) ## 用已配置的模型端点跑带 live 标记的测试
	@$(BIN)/python -m pytest -m live --force-enable-socket

record: $(DEV_STAMP) ## 向已配置的模型端点重新录一期真实回答，供离线测试重放
	@$(BIN)/python -m tests.writers.recorded

picture: report ## 把真实页面截图到 docs/report.png（需要 Chromium）
	@$(CHROMIUM) --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=1100,1500 \
		--screenshot=docs/report.png file://$(CURDIR)/$(OUT)/site/close-$(DAY).html 2>/dev/null

lock: $(DEV_STAMP) ## 按 pyproject.toml 重写两个锁文件（需要 uv）
	@command -v uv >/dev/null || { echo "make lock 需要 uv：pip install uv" >&2; exit 1; }
	@uv pip compile pyproject.toml --extra dev --extra build $(LOCK_OPTIONS) -o requirements-dev.lock
	@uv pip compile pyproject.toml --extra postgres --extra build -c requirements-dev.lock $(LOCK_OPTIONS) -o requirements.lock

LOCK_OPTIONS = --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

clean: ## 删除环境、成品和缓存（不动 .quantshark 里的资料库）
	@rm -rf $(VENV) $(OUT) .pytest_cache .ruff_cache .hypothesis
