#!/bin/sh
# Checks the CUDA kernels on this machine's GPU in under 8 minutes, build included, and writes a report for
# docs/benchmarks.md: correctness against the core, memory and races under compute-sanitizer, times, memory.
#
#     native/test/gpu_check.sh [REPORT.md]               needs CMake, nvcc and a GPU
#     native/test/gpu_check.sh --emulated [REPORT.md]    the same kernels on the CPU; its times mean nothing
set -u
native=$(cd "$(dirname "$0")/.." && pwd)
emulated=
[ "${1:-}" = --emulated ] && emulated=yes && shift
report=${1:-gpu-check.md}
build=$native/build/gpu-check${emulated:+-emulated}
: >"$report"

say() { printf '%s\n' "$@" | tee -a "$report"; }
# Runs a step, with its output in the report. A failure does not end the others.
failed=
step() {
  title=$1
  shift
  say "" "### $title" ""
  "$@" >"$build/step" 2>&1
  status=$?
  tee -a "$report" <"$build/step"
  [ $status = 0 ] || { failed="$failed $title;" && say "FAILED with status $status."; }
}

say "## CUDA kernels" ""
mkdir -p "$build"
if [ -n "$emulated" ]; then
  say "EMULATED on a CPU. Nothing was run on a GPU; the times mean nothing."
  set -- -DPERCH_BUILD_TESTS=ON
else
  capability=$(nvidia-smi --query-gpu=compute_cap --format=csv,noheader 2>/dev/null | head -1 | tr -d .)
  [ -n "$capability" ] || say "NO GPU: nvidia-smi finds none. The kernels are compiled, and nothing is run."
  set -- -DPERCH_BUILD_CUDA=ON -DCMAKE_CUDA_FLAGS=-Xptxas=-v
  [ -z "$capability" ] || set -- "$@" "-DCMAKE_CUDA_ARCHITECTURES=$capability"
fi
if ! { cmake -S "$native" -B "$build" -DCMAKE_BUILD_TYPE=Release "$@" &&
  cmake --build "$build" --target gpu_check --clean-first --parallel; } >"$build/build.log" 2>&1; then
  tail -20 "$build/build.log" | tee -a "$report"
  say "FAILED: the build. The log is $build/build.log."
  exit 1
fi
check=$(find "$build" -type f -name gpu_check | head -1)

# The most registers and shared memory of a kernel for each device, as ptxas reports them, and the kernels that spill registers.
resources() {
  awk '/Compiling entry function/ { split($0, part, "\047"); kernel = part[2]; device = part[4]; count[device]++ }
    /bytes spill stores/ && $5 + $9 > 0 { print device ": " kernel " spills " $5 + $9 " bytes" }
    /Used [0-9]+ registers/ {
      for (i = 2; i <= NF; i++) {
        if ($i ~ /^registers/ && $(i - 1) + 0 > registers[device]) registers[device] = $(i - 1) + 0
        if ($i ~ /^smem/ && $(i - 2) + 0 > shared[device]) shared[device] = $(i - 2) + 0
      }
    }
    END {
      for (device in count)
        print device ": " count[device] " kernels, at most " registers[device] " registers, " shared[device] " bytes of shared memory"
      exit !length(count)
    }' "$build/build.log"
}
if [ -z "$emulated" ]; then
  step "Resources" resources
  if [ -z "$capability" ]; then
    "$check" correctness small >"$build/step" 2>&1
    say "" "Compiled for compute capability 7.5 to 9.0, with PTX. NOT RUN: $(tail -1 "$build/step")"
    [ -z "$failed" ] || { say "FAILED:$failed" && exit 1; }
    exit 3
  fi
fi

size=${emulated:+small}
step "Correctness" timeout 150 "$check" correctness $size
if [ -z "$emulated" ]; then
  sanitizer=$(command -v compute-sanitizer || ls /usr/local/cuda*/bin/compute-sanitizer 2>/dev/null | head -1)
  if [ -n "$sanitizer" ]; then
    step "Memory" timeout 150 "$sanitizer" --tool memcheck --error-exitcode 9 "$check" correctness small
    step "Races" timeout 150 "$sanitizer" --tool racecheck --error-exitcode 9 "$check" correctness small
  else
    say "" "SKIPPED: compute-sanitizer is not installed."
  fi
fi
step "Times" timeout 150 "$check" times $size
[ -z "$failed" ] || { say "" "FAILED:$failed" && exit 1; }
say "" "All steps succeeded."
