"""Kernels: plain arrays in, rows ``start`` to ``stop`` of ``out_`` arrays filled."""
