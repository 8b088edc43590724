"""What a study leaves on the disk: tables, a workbook, pictures and how to repeat it.

Only written here. Nothing reads a results folder but to resume, report or compare.
"""
