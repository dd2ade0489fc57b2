"""Reference pages in Markdown, one set a language, from the shipped catalogue, issue codes and examples.

Gathering (``book``) stands apart from rendering: a page module turns a part of the book into one ``Sheet``, and
``writing`` lays the sheets into ``docs/<language>/reference``.
"""
