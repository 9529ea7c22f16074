"""Who is who: whether two records of two systems are one company, or one person. Pure: no calls, no
stores."""
