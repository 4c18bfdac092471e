#pragma once

namespace coxa {

/// Where networks run. Auto takes CUDA when LibTorch and the machine have it.
enum class Device { Auto, Cpu, Cuda };

/// Keeps freed memory with the process. glibc otherwise maps and unmaps every tensor, and page faults make
/// training with LibTorch about five times slower. Call it first in main of a program that trains networks.
void tuneAllocator();

bool cudaAvailable();

}  // namespace coxa
